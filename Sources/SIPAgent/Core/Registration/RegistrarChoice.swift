import TrunkEvents

/// Which of a trunk's registrars is asked: the one that answered last, until it fails. The first
/// is wanted most: while another one has our binding it is asked again from time to time, and only
/// its 2xx takes the binding back.
///
/// ```
///  first --fails--> backup --returnPause--> asked, the backup keeps the binding
///    ^                ^                         |       |
///    |                +------------- fails -----+       |   the pause is twice as long
///    +------------------------------ 2xx ---------------+   until a refresh has held there
/// ```
struct RegistrarChoice: Hashable, Sendable {
    private var registrars: [Endpoint]
    private var index = 0
    /// Registrars that failed since one answered.
    private var failed = 0
    /// The one that has our binding.
    var bound: Endpoint?
    /// When the first one is asked again.
    private(set) var returnAt: MonotonicInstant?
    private var returnPause = Self.returnPauseMin
    /// The first one is asked, while another has our binding.
    private(set) var isReturning = false

    static let returnPauseMin = Nanoseconds.seconds(300)
    /// A registrar that comes and goes is not followed more often than this.
    static let returnPauseMax = Nanoseconds.seconds(3_600)

    init(_ registrars: [Endpoint]) {
        precondition(!registrars.isEmpty, "a registration has a registrar")
        self.registrars = registrars
    }

    var next: Endpoint { registrars[index] }

    /// Others are named from here on; the one that has our binding stays the one to ask if it is
    /// among them.
    mutating func move(to registrars: [Endpoint]) {
        precondition(!registrars.isEmpty, "a registration has a registrar")
        self.registrars = registrars
        failed = 0
        isReturning = false
        index = bound.flatMap { registrars.firstIndex(of: $0) } ?? 0
        if bound != next { bound = nil }
        if index == 0 { returnAt = nil }
    }

    /// The last process was bound there. `false`: that is none of ours any more.
    mutating func recover(_ registrar: Endpoint, at now: MonotonicInstant) -> Bool {
        guard let place = registrars.firstIndex(of: registrar) else { return false }
        index = place
        bound = registrar
        if index > 0 { returnAt = now.advanced(by: nextPause()) }
        return true
    }

    /// The binding is to be refreshed.
    mutating func refresh(at now: MonotonicInstant) {
        guard let returnAt, returnAt <= now else { return }
        index = 0
        isReturning = true
    }

    /// The registrar failed. `false` when every other one has failed as well: time to wait.
    mutating func moveOn(at now: MonotonicInstant) -> Bool {
        if isReturning, let place = bound.flatMap({ registrars.firstIndex(of: $0) }) {
            isReturning = false
            index = place
            returnAt = now.advanced(by: nextPause())
            return true
        }
        isReturning = false
        index = (index + 1) % registrars.count
        failed += 1
        guard failed >= registrars.count else { return true }
        failed = 0
        return false
    }

    mutating func succeeded(at now: MonotonicInstant) {
        failed = 0
        let isRefreshed = bound == next
        bound = next
        if index > 0 {
            returnAt = returnAt ?? now.advanced(by: nextPause())
        } else {
            returnAt = nil
            if isRefreshed { returnPause = Self.returnPauseMin }
        }
        isReturning = false
    }

    /// Twice as long each time, until the first one holds a refresh.
    private mutating func nextPause() -> Nanoseconds {
        defer { returnPause = min(Self.returnPauseMax, returnPause * 2) }
        return returnPause
    }
}
