import Ledger
import TrunkEvents

extension CDRRow {
    /// All but the texts of an attempt's row; see ``MadeRecord``.
    init(
        figuresOf id: CallID, _ call: borrowing OpenCall, _ attempt: borrowing OpenAttempt,
        _ outcome: AttemptOutcome, node: ShortName?, closedBy stamp: Stamp
    ) {
        guard let released = attempt.released else {
            preconditionFailure("a row is made once its channel is free")
        }
        self.init(
            node: node, seizedPosition: attempt.seized.position, call: id,
            attempt: attempt.attempt, firstPosition: call.started.position,
            lastPosition: stamp.position, trunk: attempt.trunk, carrier: attempt.carrier,
            direction: attempt.direction, texts: RecordText.none,
            seizedAt: attempt.seized.wall, endedAt: outcome.endedAt, releasedAt: released.wall,
            disposition: outcome.disposition, endedBy: outcome.endedBy,
            endSource: outcome.source, inUseAtSeizure: attempt.inUse, capAtSeizure: attempt.cap)
        remote = attempt.direction == .outbound ? attempt.remote : call.source
        setDurations(attempt, outcome, released: released)
        setOutcome(attempt, outcome)
        isContinued = call.isContinued
    }

    private mutating func setDurations(
        _ attempt: borrowing OpenAttempt, _ outcome: AttemptOutcome, released: Stamp
    ) {
        let toEnd = { (start: Stamp) -> Int64 in
            if let end = outcome.end { return start.elapsed(to: end).milliseconds }
            return max(.zero, start.wall.duration(to: outcome.endedAt)).milliseconds
        }
        if let answer = outcome.answer {
            setupMilliseconds = attempt.seized.elapsed(to: answer.stamp).milliseconds
            talkMilliseconds = toEnd(answer.stamp)
        } else {
            setupMilliseconds = toEnd(attempt.seized)
        }
        holdMilliseconds = attempt.seized.elapsed(to: released).milliseconds
    }

    private mutating func setOutcome(
        _ attempt: borrowing OpenAttempt, _ outcome: AttemptOutcome
    ) {
        rangAt = attempt.rangAt?.wall
        answeredAt = outcome.answer?.stamp.wall
        code = outcome.code
        q850 = outcome.q850
        answeredAfterCancel = outcome.answeredAfterCancel
        // Rounded up: the bounds must contain the true end.
        endUncertaintyMilliseconds = (outcome.uncertainty.count + 999_999) / 1_000_000
    }
}
