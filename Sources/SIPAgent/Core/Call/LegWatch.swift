import TrunkEvents

/// Asks the peer of a leg from time to time whether it still has the call: one whose BYE was lost
/// must not hold its channel for ever.
///
/// ```
///  quiet --interval--> OPTIONS --answered, or any request of the peer--> quiet
///                         |  481, 408 ... (RFC 5057 section 5.1): the call ends
///                         \--no answer: once more at once, then the call ends
/// ```
struct LegWatch: Sendable {
    let interval: Nanoseconds
    private(set) var due: MonotonicInstant
    /// The last sign of life.
    private(set) var heardAt: WallInstant
    private var silences: UInt8 = 0

    /// As many questions without an answer end the call.
    private static let silencesMax: UInt8 = 2

    init(interval: Nanoseconds, at now: Moment) {
        self.interval = interval
        due = now.monotonic.advanced(by: interval)
        heardAt = now.wall
    }

    mutating func heard(at now: Moment) {
        due = now.monotonic.advanced(by: interval)
        heardAt = now.wall
        silences = 0
    }

    /// - Parameter patience: how long the answer may take.
    mutating func asked(at now: MonotonicInstant, patience: Nanoseconds) {
        due = now.advanced(by: patience).advanced(by: interval)
    }

    mutating func postpone(at now: MonotonicInstant) { due = now.advanced(by: interval) }

    /// `true`: the peer is gone.
    mutating func wasSilent(at now: MonotonicInstant) -> Bool {
        silences += 1
        due = now
        return silences >= Self.silencesMax
    }
}

extension Call {
    /// How long the call may last and how it is watched, from its answer on.
    ///
    /// - Parameter answered: when; before a restart, perhaps.
    mutating func setLimits(since answered: WallInstant, _ board: borrowing Switchboard) {
        guard case .answered(var call) = state else { return }
        var limit: Nanoseconds?
        for id in [LegID.caller, .called(call.attempt)] {
            let settings = settings(of: id, board)
            if let span = settings.maxDuration { limit = limit.map { min($0, span) } ?? span }
            self[id]?.watch = settings.probeInterval.map { LegWatch(interval: $0, at: board.now) }
        }
        call.endsAt = limit.map { span in
            let past = max(.zero, answered.duration(to: board.now.wall))
            return board.now.monotonic.advanced(by: max(.zero, span - past))
        }
        state = .answered(call)
    }

    mutating func durationIsDue(_ board: inout Switchboard) {
        guard case .answered(let call) = state, let endsAt = call.endsAt,
            endsAt <= board.now.monotonic
        else { return }
        end(by: .agent, .maxDuration, cause: .recoveryOnTimerExpiry, &board)
    }

    mutating func watchIsDue(on id: LegID, _ board: inout Switchboard) {
        let now = board.now.monotonic
        guard !isEnded, let leg = self[id], leg.isOpen, let watch = leg.watch, watch.due <= now
        else { return }
        // A restart asks on its own; and a call whose 2xx has no ACK yet has a timer already.
        guard continuation == nil, leg.sentAnswer == nil else {
            self[id]?.watch?.postpone(at: now)
            return
        }
        self[id]?.watch?.asked(at: now, patience: board.timers.transactionTimeout)
        probe(id, &board)
    }

    /// The peer answered no question, or said that it knows of no call. `response` is `nil` where
    /// it said nothing.
    mutating func watchFailed(
        on id: LegID, _ response: SIPMessage?, _ board: inout Switchboard
    ) {
        guard !isEnded, let watch = self[id]?.watch else { return }
        if response == nil, self[id]?.watch?.wasSilent(at: board.now.monotonic) == false { return }
        // As with session timers: where the other leg is gone, the trunk's ends with our BYE.
        if channel(of: id) != nil { recordBounds(from: watch.heardAt, &board) }
        end(by: .agent, .probe, cause: .recoveryOnTimerExpiry, &board)
    }
}
