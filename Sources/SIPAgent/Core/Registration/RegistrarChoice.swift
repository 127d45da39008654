import TrunkEvents

/// Which of a trunk's registrars is asked: the one that answered last, until it fails.
struct RegistrarChoice: Hashable, Sendable {
    private var registrars: [Endpoint]
    private var index = 0
    /// Registrars that failed since one answered.
    private var failed = 0
    /// The one that has our binding.
    var bound: Endpoint?

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
        index = bound.flatMap { registrars.firstIndex(of: $0) } ?? 0
        if bound != next { bound = nil }
    }

    /// The registrar failed. `false` when every other one has failed as well: time to wait.
    mutating func moveOn() -> Bool {
        index = (index + 1) % registrars.count
        failed += 1
        guard failed >= registrars.count else { return true }
        failed = 0
        return false
    }

    mutating func succeeded() {
        failed = 0
        bound = next
    }
}
