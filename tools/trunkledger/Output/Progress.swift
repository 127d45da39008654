import Glibc
import TrunkEvents

/// How far long work has come and how long it still takes, on a terminal's last line; nothing
/// anywhere else.
final class Progress {
    /// Often enough to be alive, seldom enough to cost nothing.
    private static let interval = Nanoseconds.milliseconds(200)
    /// A guess from less is a wrong one.
    private static let guessesAfter = Nanoseconds.seconds(1)

    private let what: String
    private let isWatched: Bool
    private let clock: () -> MonotonicInstant
    private let show: (String) -> Void
    private let start: MonotonicInstant
    private var shownAt: MonotonicInstant?

    /// - Parameter what: the work in one word, as in `verifying`.
    init(
        _ what: String, isWatched: Bool = isatty(2) == 1,
        clock: @escaping () -> MonotonicInstant = { .now },
        show: @escaping (String) -> Void = { StandardError.progress($0) }
    ) {
        self.what = what
        self.isWatched = isWatched
        self.clock = clock
        self.show = show
        start = clock()
    }

    func update(_ done: UInt64, of total: UInt64) {
        guard isWatched else { return }
        let now = clock()
        if let shownAt, shownAt.duration(to: now) < Self.interval { return }
        shownAt = now
        show("\(what) \(text(done, total, start.duration(to: now)))")
    }

    /// Leaves the line empty for what comes next.
    func end() {
        if shownAt != nil { show("") }
    }

    /// `1200 of 5000, 24%, 12.3s left`.
    private func text(_ done: UInt64, _ total: UInt64, _ elapsed: Nanoseconds) -> String {
        let share = total == 0 ? 1 : Double(done) / Double(total)
        let text = "\(done) of \(total), \(Int(share * 100))%"
        guard elapsed >= Self.guessesAfter, share > 0, share < 1 else { return text }
        let left = Double(elapsed.milliseconds) * (1 - share) / share
        return text + ", \(SpanText.people(milliseconds: Int64(left))) left"
    }
}

extension MonotonicInstant {
    static var now: MonotonicInstant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return MonotonicInstant(
            nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
    }
}
