import TrunkEvents

/// What reaches a call: answers, timeouts, requests inside its dialogs, its own deadlines.
extension Call {
    mutating func receive(
        _ response: SIPMessage, to client: ClientTransactionID, _ board: inout Switchboard
    ) {
        if let index = attempts.firstIndex(where: { $0.transaction == client }) {
            let status = StatusCode(response)
            if status.isProvisional {
                progressed(index, response, &board)
            } else if status.isSuccess {
                answered(index, response, &board)
            } else {
                rejected(index, response, &board)
            }
        } else if modification?.client == client {
            modificationAnswered(response, &board)
        } else if let index = relays.firstIndex(where: { $0.client == client }) {
            relayAnswered(index, response, &board)
        } else if let leg = legSayingGoodbye(with: client) {
            if !StatusCode(response).isProvisional { goodbyeAnswered(on: leg, response, &board) }
        } else if let index = legRequests.firstIndex(where: { $0.transaction == client }) {
            legRequestAnswered(index, response, &board)
        } else if !repeatAcknowledgement(of: client, &board),
            response.cseq.method == .invite, StatusCode(response).isSuccess
        {
            // Of a host that we had given up: another one has the call.
            answeredOutOfTransaction(response, &board)
        }
    }

    mutating func timedOut(
        _ client: ClientTransactionID, because reason: AttemptFailure = .timeout,
        _ board: inout Switchboard
    ) {
        if let index = attempts.firstIndex(where: { $0.transaction == client }) {
            attemptTimedOut(index, because: reason, &board)
        } else if modification?.client == client {
            modificationTimedOut(&board)
        } else if let index = relays.firstIndex(where: { $0.client == client }) {
            relayAnswered(index, nil, &board)
        } else if let leg = legSayingGoodbye(with: client) {
            goodbyeAnswered(on: leg, nil, &board)
        } else if let index = legRequests.firstIndex(where: { $0.transaction == client }) {
            legRequestAnswered(index, nil, &board)
        }
    }

    var legIDs: [LegID] { [.caller] + attempts.indices.map { .called($0) } }

    private func legSayingGoodbye(with client: ClientTransactionID) -> LegID? {
        if isSayingGoodbye(.caller, with: client) { return .caller }
        let index = attempts.indices.first { isSayingGoodbye(.called($0), with: client) }
        return index.map { .called($0) }
    }

    private func isSayingGoodbye(_ leg: LegID, with client: ClientTransactionID) -> Bool {
        guard case .goodbye(let goodbye) = self[leg]?.closing else { return false }
        return goodbye.transaction == client
    }

    /// A copy of the 2xx to a re-INVITE. `false`: that transaction had none.
    private func repeatAcknowledgement(
        of client: ClientTransactionID, _ board: inout Switchboard
    ) -> Bool {
        var isFound = false
        for id in legIDs {
            guard let leg = self[id], let acknowledgement = leg.acknowledgement,
                acknowledgement.transaction == client,
                case .sent(let message) = acknowledgement.state
            else { continue }
            board.repeatAcknowledgement(message, in: leg.dialog)
            isFound = true
        }
        return isFound
    }

    /// A request other than ACK and CANCEL, to a tag of ours. A REFER may replace another dialog.
    mutating func receive(
        _ request: SIPMessage, _ method: Method, _ transaction: ServerTransactionID,
        from source: Endpoint, replacing replaced: ReplacedCall?, _ board: inout Switchboard
    ) {
        guard let id = leg(tagged: request.to.tag ?? []) else {
            preconditionFailure("the tag led to this call")
        }
        guard var leg = self[id] else {
            receiveEarly(request, method, on: id, transaction, from: source, &board)
            return
        }
        guard leg.dialog.matches(request) else {
            board.respond(transaction, to: request, from: source, status: 481)
            return
        }
        guard leg.dialog.accepts(sequence: request.cseq.number) else {
            board.respond(transaction, to: request, from: source, status: 500)
            return
        }
        self[id] = leg
        settleAnswer(on: id, &board)
        requestArrived(on: id, method, &board)
        if method == .invite || method == .update,
            refusesInterval(of: request, on: id, transaction, from: source, &board)
        {
            return
        }
        if let target = peer(of: id), isAbsent(target), method != .bye, method != .options {
            board.respond(transaction, to: request, from: source, status: 491)
            return
        }
        switch method {
        case .bye:
            receivedBye(on: id, transaction, request, from: source, &board)
        case .invite:
            receivedReinvite(on: id, transaction, request, from: source, &board)
        case .update where request.body.isEmpty && request.sessionExpires != nil:
            receivedRefresh(on: id, transaction, request, from: source, &board)
        case .info, .update, .message:
            relay(on: id, method, transaction, request, from: source, &board)
        case .options:
            answerOptions(request, transaction, from: source, &board)
        case .prack:
            // Whatever it acknowledges was acknowledged before the 2xx left.
            board.respond(transaction, to: request, from: source, status: 481)
        case .refer:
            receivedRefer(
                on: id, transaction, request, from: source, replacing: replaced, &board)
        case .notify:
            receivedNotify(on: id, transaction, request, from: source, &board)
        case .ack, .cancel, .register, .subscribe, .publish, .other:
            refuseMethod(transaction, request, from: source, &board)
        }
    }

    func answerOptions(
        _ request: SIPMessage, _ transaction: ServerTransactionID, from source: Endpoint,
        _ board: inout Switchboard
    ) {
        var writer = MessageWriter(responseTo: request, status: 200, source: source)
        writer.allow(HeaderPassing.served)
        board.respond(transaction, writer.finish(), status: .code(200), gate: .open)
    }

    /// Runs what is due.
    mutating func advance(_ board: inout Switchboard) {
        let now = board.now.monotonic
        if let lingersUntil, lingersUntil <= now { self.lingersUntil = nil }
        if let probeAt = continuation?.probeAt, probeAt <= now { probeLegs(&board) }
        if case .waitingForTurn(let waiting) = state, waiting.turn <= now {
            takeTurn(waiting, &board)
        }
        for index in attempts.indices {
            guard let deadline = attempts[index].deadline, deadline <= now else { continue }
            switch attempts[index].state {
            case .calling: progressTimedOut(index, &board)
            case .ringing: noAnswerTimedOut(index, &board)
            case .answered:
                answerIsDue(on: .called(index), &board)
                sessionIsDue(on: .called(index), &board)
                watchIsDue(on: .called(index), &board)
            case .listening(let listening):
                abandon(index, because: listening.reason, cause: .temporaryFailure, &board)
            case .held, .abandoned, .over: break
            }
        }
        progressIsDue(&board)
        transferIsDue(&board)
        durationIsDue(&board)
        answerIsDue(on: .caller, &board)
        sessionIsDue(on: .caller, &board)
        watchIsDue(on: .caller, &board)
    }
}
