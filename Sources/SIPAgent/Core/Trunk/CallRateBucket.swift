import TrunkEvents

/// New calls a second: a bucket of as many tokens as the limit, each of which comes back exactly
/// one second after its call went. So no window of one second, wherever it begins, sees more calls
/// than the carrier allows, and a burst up to the limit goes at once. (A bucket that refills
/// evenly lets nearly twice the limit through in its first second.)
struct CallRateBucket: Sendable {
    private var limit: CallRateLimit
    /// When the latest calls went, in order. Not when they were to go: a timer may run late, and
    /// the call that follows a second after is as late then.
    private var gone: [MonotonicInstant] = []
    /// How many calls have been told to wait.
    private var waiting = 0

    private static let second = Nanoseconds.seconds(1)

    enum Turn: Hashable, Sendable {
        case now
        /// The call stands in line and asks again then, as the next one: `stopWaiting`, `takeTurn`.
        case wait(until: MonotonicInstant)
        /// The turn would come later than the limit allows to wait.
        case refused
    }

    init(limit: CallRateLimit) {
        self.limit = limit
    }

    /// - Parameter isNext: the call has waited until its turn, so nobody is before it.
    mutating func takeTurn(at now: MonotonicInstant, isNext: Bool = false) -> Turn {
        let size = Int(limit.callsPerSecond)
        guard size > 0 else { return .refused }
        let turn = turn(behind: isNext ? 0 : waiting, at: now, size)
        guard turn > now else {
            gone.append(now)
            // Amortised: dropped in halves, not one at a time.
            if gone.count >= size * 2 { gone.removeFirst(gone.count - size) }
            return .now
        }
        guard isNext || now.duration(to: turn) <= limit.waitLimit else { return .refused }
        waiting += 1
        return .wait(until: turn)
    }

    /// A call that was told to wait does so no longer: it gave up, or its turn has come.
    mutating func stopWaiting() {
        // A reload may have taken the limit away for a while, and what it knew with it.
        waiting = max(0, waiting - 1)
    }

    /// A reload changes the limit; what was taken still counts.
    mutating func adopt(_ limit: CallRateLimit) {
        self.limit = limit
    }

    /// When a call may go that has so many before it, if each of those goes as early as it may.
    private func turn(
        behind others: Int, at now: MonotonicInstant, _ size: Int
    ) -> MonotonicInstant {
        let (rounds, place) = others.quotientAndRemainder(dividingBy: size)
        let index = gone.count - size + place
        let first = index < 0 ? now : max(now, gone[index].advanced(by: Self.second))
        return first.advanced(by: .seconds(Int64(rounds)))
    }
}
