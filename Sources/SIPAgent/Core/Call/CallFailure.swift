import TrunkEvents

/// Attempts that fail, and calls that end before an answer.
extension Call {
    /// A final answer other than 2xx.
    mutating func rejected(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        let status = StatusCode(response)
        switch attempts[index].state {
        case .calling, .ringing:
            if answerChallenge(index, response, &board) { return }
            if raiseInterval(index, response, &board) { return }
            if followRedirection(index, response, &board) { return }
            if tryNextTarget(index, response, &board) { return }
            if passOver(index, response, &board) { return }
            let trunk = board.directory.trunks[attempts[index].trunk]
            let isFull =
                direction == .outbound && FinalAnswer.isFull(response, trunk?.fullAnswers)
            noteRefusal(index, response, isFull: isFull, &board)
            endAttempt(index, isFull ? .carrierFull : .rejected, response, &board)
            guard case .offering(var search) = state else { return }
            let outcome = CallOutcome(
                answer: response, isFull: isFull, by: side(of: .called(index)))
            let codes = trunk?.failoverCodes ?? TrunkConfiguration.defaultFailoverCodes
            if direction == .outbound,
                isFull || FinalAnswer.lets(status, failOver: codes)
            {
                search.result.note(outcome)
                self.search(search, &board)
            } else {
                fail(outcome, &board)
            }
        case .abandoned(let reason):
            endAttempt(index, reason, response, &board)
        case .listening(let listening):
            endAttempt(index, listening.reason, response, &board)
        case .held, .answered, .over:
            break
        }
    }

    /// A trunk on which it rang is alive, whatever came of it, and so is one that is full of calls:
    /// a 503 where none is up says that calls do not get through.
    private func noteRefusal(
        _ index: Int, _ response: SIPMessage, isFull: Bool, _ board: inout Switchboard
    ) {
        guard direction == .outbound else { return }
        let status = StatusCode(response)
        let others = board.trunks.load(of: attempts[index].trunk).inUse > 1
        let isAlive = isFull && others || !attempts[index].progress.isEmpty
        board.note(
            isAlive ? .alive(status) : .init(refusal: status),
            (response, attempts[index].remote), of: attempts[index].trunk)
    }

    /// No final answer within 64*T1 of the INVITE or of its CANCEL; or the INVITE could not be
    /// delivered, which is as good as a 503 (section 8.1.3.1).
    mutating func attemptTimedOut(
        _ index: Int, because reason: AttemptFailure, _ board: inout Switchboard
    ) {
        switch attempts[index].state {
        case .calling, .ringing:
            if tryNextTarget(index, nil, &board) || tryNextHop(index, &board) { return }
            if direction == .outbound, attempts[index].progress.isEmpty {
                board.note(.failed(nil), of: attempts[index].trunk)
            }
            let outcome: CallOutcome = reason == .transport ? .trunksDown : .noProgress
            endAttempt(index, reason, nil, cause: outcome.cause, &board)
            guard case .offering(var search) = state else { return }
            search.result.note(outcome)
            if direction == .outbound {
                self.search(search, &board)
            } else {
                fail(outcome, &board)
            }
        case .abandoned(let reason):
            endAttempt(index, reason, nil, &board)
        case .held, .answered, .over, .listening:
            break
        }
    }

    /// What was to be cancelled had not left yet: it waited for its facts (promise 1).
    mutating func withdrawn(_ client: ClientTransactionID, _ board: inout Switchboard) {
        if let modification, modification.client == client {
            modificationRefused(modification, status: 487, &board)
        } else if let index = attempts.firstIndex(where: { $0.transaction == client }),
            case .abandoned(let reason) = attempts[index].state
        {
            endAttempt(index, reason, nil, cause: .normalClearing, phrase: "Not sent", &board)
        }
    }

    /// Records the failure, unless that was done when we gave up, and frees the channel.
    ///
    /// - Parameters:
    ///   - cause: where no answer names one.
    ///   - phrase: where no answer came.
    private mutating func endAttempt(
        _ index: Int, _ reason: AttemptFailure, _ response: SIPMessage?,
        cause: Q850Cause = .recoveryOnTimerExpiry, phrase: Octets = .empty,
        _ board: inout Switchboard
    ) {
        let attempt = attempts[index]
        attempts[index].state = .over
        attempts[index].early = []
        if !attempt.wasGivenUp {
            let status = response.map { StatusCode($0) }
            let named = response.flatMap { Q850Cause(reasonOf: $0) }
            board.record(
                .attemptFailed(
                    AttemptFailed(
                        call: id, trunk: attempt.trunk, attempt: attempt.number, cause: reason,
                        code: status,
                        q850: named ?? status.map { Q850Cause($0) } ?? cause,
                        reason: response.map { Octets(Array($0.reasonPhrase ?? [])) } ?? phrase)))
        }
        legEnded(.called(index), &board)
    }

    /// The call ends for its caller with a final answer other than 2xx: the only one it gets.
    mutating func fail(_ outcome: CallOutcome, _ board: inout Switchboard) {
        let asked = caller.state
        recordEnd(
            by: outcome.endedBy, outcome.source, status: outcome.status, cause: outcome.cause,
            reason: outcome.response?.reasonPhrase, &board)
        caller.state = .refused
        dropPending(&board)
        legEnded(.caller, &board)
        switch asked {
        case .invited(let transaction): refuse(transaction, outcome, &board)
        case .referred: break
        case .refused, .answered: preconditionFailure("a caller gets one final answer")
        }
    }

    private func refuse(
        _ transaction: ServerTransactionID, _ outcome: CallOutcome, _ board: inout Switchboard
    ) {
        var writer = MessageWriter(
            responseTo: caller.invite, status: outcome.status.rawValue,
            reason: outcome.response?.reasonPhrase, toTag: caller.localTag[...],
            source: caller.source)
        if outcome.response?.first(.reason) == nil { writer.reason(outcome.cause) }
        let bytes =
            if let response = outcome.response {
                writer.finish(passing: response, except: Self.onlyForUs(in: outcome.status))
            } else {
                writer.finish()
            }
        board.respond(transaction, bytes, status: outcome.status, gate: .end)
    }

    /// Retry-After in a 503 asks to send nothing more to its sender (RFC 3261 section 21.5.4): with
    /// one trunk's 503 a caller would leave all trunks alone.
    private static func onlyForUs(in status: StatusCode) -> HeaderSet {
        status == .code(503) ? [.retryAfter] : []
    }

    /// A leg has really ended: its channel, if it has one, is free.
    mutating func legEnded(_ leg: LegID, _ board: inout Switchboard) {
        guard let channel = channel(of: leg) else { return }
        board.release(channel.trunk, call: channel.call, attempt: channel.attempt)
    }

    /// The call is over for its parties. Said once.
    mutating func recordEnd(
        by endedBy: EndedBy, _ source: EndSource, status: StatusCode?, cause: Q850Cause,
        reason: Bytes? = nil, _ board: inout Switchboard
    ) {
        precondition(!isEnded, "a call ends once")
        if case .waitingForTurn(let waiting) = state {
            board.trunks.stopWaiting(for: waiting.trunk)
        }
        state = .ended
        continuation = nil
        if let key = caller.key { board.callers[key] = nil }
        let end = CallEnded(
            call: id, endedBy: endedBy, source: source, code: status, q850: cause,
            reason: Octets(reason.map { Array($0) } ?? [UInt8](cause.phrase)))
        board.record(.callEnded(end))
        if let origin = caller.origin { board.record(.callEnded(end.asSeen(from: origin))) }
        dropTransfer(cause, &board)
        if case .referred(let referral) = caller.state {
            caller.state = .refused
            board.tell(referral.call, .failed(status ?? .code(480)))
        } else if let referral = replacement {
            replacement = nil
            board.tell(referral.call, .failed(.code(480)))
        }
    }
}
