import TrunkEvents

/// New calls a second: a bucket of as many tokens as the limit, each of which comes back exactly one
/// second after it was taken. So no window of one second, wherever it begins, sees more calls than the
/// carrier allows, and a burst up to the limit goes at once. (A bucket that refills evenly lets nearly
/// twice the limit through in its first second.)
struct CallRateBucket: Sendable {
    private var limit: CallRateLimit
    /// When the latest calls went or will go, in order: at most the limit, and always all those of
    /// the second before the last.
    private var turns: [MonotonicInstant] = []
    /// No later turn comes before this, also when a turn was given back.
    private var floor = MonotonicInstant(nanoseconds: 0)

    private static let second = Nanoseconds.seconds(1)

    enum Turn: Hashable, Sendable {
        case now
        /// The turn is reserved: at that instant the call goes without asking again.
        case wait(until: MonotonicInstant)
        /// The turn would come later than the limit allows to wait.
        case refused
    }

    init(limit: CallRateLimit) {
        self.limit = limit
    }

    mutating func takeTurn(at now: MonotonicInstant) -> Turn {
        let size = Int(limit.callsPerSecond)
        guard size > 0 else { return .refused }
        var turn = max(now, floor)
        if turns.count >= size {
            turn = max(turn, turns[turns.count - size].advanced(by: Self.second))
        }
        guard now.duration(to: turn) <= limit.waitLimit || turn == now else { return .refused }
        turns.append(turn)
        floor = turn
        // Amortised: dropped in halves, not one at a time.
        if turns.count >= size * 2 { turns.removeFirst(turns.count - size) }
        return turn == now ? .now : .wait(until: turn)
    }

    /// The waiting call gave up: another may have its turn.
    mutating func giveBack(_ turn: MonotonicInstant) {
        guard let index = turns.lastIndex(of: turn) else { return }
        turns.remove(at: index)
    }

    /// A reload changes the limit; what was taken still counts.
    mutating func adopt(_ limit: CallRateLimit) {
        self.limit = limit
    }
}
