import Ledger
import TrunkEvents

/// How an attempt went, drawn from the facts about it and about its call.
struct AttemptOutcome {
    var disposition: Disposition
    var answer: Answer?
    var answeredAfterCancel = false
    /// The end as far as an event marks it.
    var end: Stamp?
    var endedAt: WallInstant
    var endedBy: EndedBy
    var source: EndSource
    var uncertainty = Nanoseconds.zero
    var code: StatusCode?
    var q850: Q850Cause?
    var reason = ReasonText.none

    // Borrowed, here and below: what an initializer takes is copied for it, with its texts.
    init(_ attempt: borrowing OpenAttempt, in call: borrowing OpenCall) {
        if let answer = attempt.trunkAnswer(in: call) {
            self.init(answer, of: attempt, in: call)
        } else if let failure = attempt.failure {
            self.init(failure, of: attempt, in: call)
        } else {
            self.init(unheardOf: attempt, in: call)
        }
    }

    private init(
        _ answer: Answer, of attempt: borrowing OpenAttempt, in call: borrowing OpenCall
    ) {
        let over = Ending(call, or: attempt)
        self.init(.answered, over)
        self.answer = answer
        code = answer.code
        q850 = over.q850
        reason = over.reason
        let failedFirst = attempt.failure.map { $0.stamp.position < answer.stamp.position } ?? false
        let endedFirst = over.told.position < answer.stamp.position
        guard failedFirst || endedFirst else { return }
        // We had given up: the late 2xx gets its ACK and at once our BYE (RFC 3261 section 9.1).
        // The call lasts until that is answered, and a crash may put it off.
        answeredAfterCancel = true
        end = answer.stamp
        endedAt = answer.stamp.wall
        uncertainty = max(.zero, endedAt.duration(to: attempt.released?.wall ?? endedAt))
        // After a crash the carrier may have answered long before we heard of it.
        if over.source == .recovery { uncertainty = max(uncertainty, over.uncertainty) }
        if failedFirst, let failure = attempt.failure {
            endedBy = failure.endedBy(attempt, in: call)
            source = failure.endSource
        }
    }

    private init(
        _ failure: Failure, of attempt: borrowing OpenAttempt, in call: borrowing OpenCall
    ) {
        let (texts, callTexts) = (attempt.texts, call.texts)
        let over = call.isOver ? Ending(call, or: attempt) : nil
        let disposition = Disposition(
            failure: failure.cause, code: failure.code, reason: texts[.reason],
            rang: attempt.hasRung)
        if let over, over.told.position < failure.stamp.position {
            // Also we cancel what we hang up for reasons of our own: then the reason counts.
            let isOurs = failure.cause == .cancelled && over.source != .cancel
            let reasoned = Disposition(
                source: over.source, code: over.code, reason: callTexts[.reason],
                rang: attempt.hasRung)
            self.init(isOurs ? reasoned : disposition, over)
        } else {
            self.init(
                disposition,
                Ending(
                    stamp: failure.stamp, by: failure.endedBy(attempt, in: call),
                    source: failure.endSource))
        }
        code = failure.code
        q850 = failure.q850
        reason = .ofAttempt
    }

    private init(unheardOf attempt: borrowing OpenAttempt, in call: borrowing OpenCall) {
        let texts = call.texts
        let over = Ending(call, or: attempt)
        self.init(
            Disposition(
                source: over.source, code: over.code, reason: texts[.reason],
                rang: attempt.hasRung),
            over)
        code = over.code
        q850 = over.q850
        reason = over.reason
    }

    private init(_ disposition: Disposition, _ over: Ending) {
        self.disposition = disposition
        end = over.stamp
        endedAt = over.wall
        endedBy = over.by
        source = over.source
        uncertainty = over.uncertainty
    }
}

/// The text that says why an attempt ended as it did.
enum ReasonText { case none, ofCall, ofAttempt }

/// The end of a call: seen, or recovered as the last evidence of life before a crash.
struct Ending {
    /// The event that told of it.
    let told: Stamp
    let stamp: Stamp?
    let wall: WallInstant
    let by: EndedBy
    let source: EndSource
    var uncertainty = Nanoseconds.zero
    var code: StatusCode?
    var q850: Q850Cause?
    var reason = ReasonText.none

    init(stamp: Stamp, by: EndedBy, source: EndSource) {
        told = stamp
        self.stamp = stamp
        wall = stamp.wall
        self.by = by
        self.source = source
    }

    /// The call's end; the attempt's release where the log tells of no other.
    init(_ call: borrowing OpenCall, or attempt: borrowing OpenAttempt) {
        if let recovery = call.recovery, !call.endWasSeen {
            self.init(recovery, of: call.end, released: attempt.released)
            q850 = call.end?.q850
            reason = .ofCall
        } else if let end = call.end {
            self.init(stamp: end.stamp, by: end.by, source: end.source)
            code = end.code
            q850 = end.q850
            reason = .ofCall
        } else {
            self.init(stamp: attempt.released ?? attempt.seized, by: .agent, source: .timeout)
        }
    }

    /// The far side ends its call when our BYE reaches it, which the release proves: that, and not
    /// the restart, is the latest that the end can have been.
    private init(_ recovery: Recovery, of end: CallEnd?, released: Stamp?) {
        told = recovery.stamp
        stamp = recovery.lowerStamp
        wall = recovery.lowerBound
        // A BYE soon after the restart says who ended the call, though not when.
        by = end?.by ?? .agent
        source = end?.source ?? .recovery
        let latest = max(recovery.upperBound, released?.wall ?? recovery.upperBound)
        uncertainty = max(.zero, recovery.lowerBound.duration(to: latest))
    }
}

extension OpenCall {
    /// An end that was recorded before the crash, or seen after it, needs no estimate.
    fileprivate var endWasSeen: Bool {
        guard let end, let recovery else { return end != nil }
        return end.source != .recovery && end.stamp.position < recovery.stamp.position
    }
}

extension Failure {
    fileprivate func endedBy(
        _ attempt: borrowing OpenAttempt, in call: borrowing OpenCall
    ) -> EndedBy {
        switch cause {
        case .rejected, .malformed, .carrierFull: attempt.direction == .outbound ? .remote : .local
        case .cancelled:
            if let end = call.end, end.source == .cancel {
                end.by
            } else {
                attempt.direction == .outbound ? .local : .remote
            }
        case .timeout, .transport, .recovery: .agent
        }
    }

    fileprivate var endSource: EndSource {
        switch cause {
        // A transport error counts as a 503 (RFC 3261 section 8.1.3.1).
        case .rejected, .malformed, .carrierFull, .transport: .finalResponse
        case .timeout: .timeout
        case .cancelled: .cancel
        case .recovery: .recovery
        }
    }
}
