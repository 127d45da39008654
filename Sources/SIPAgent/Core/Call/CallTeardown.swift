import TrunkEvents

/// BYE from either side, and ours (RFC 3261 section 15).
extension Call {
    /// A BYE ends the call once. One that crosses ours, or comes twice, is confirmed all the same.
    mutating func receivedBye(
        on id: LegID, _ transaction: ServerTransactionID, _ request: SIPMessage,
        from source: Endpoint, _ board: inout Switchboard
    ) {
        // Not so on the leg of an attempt that we gave up and that was answered too late, nor on
        // that of who has asked for a transfer, and leaves before it is through.
        let endsTheCall = !isEnded && peer(of: id) != nil && transfer?.transferor != id
        if endsTheCall {
            let cause = Q850Cause(reasonOf: request) ?? .normalClearing
            recordBoundsOfEnd(&board)
            recordEnd(by: side(of: id), .bye, status: nil, cause: cause, &board)
        }
        close(id, &board)
        let writer = MessageWriter(
            responseTo: request, status: 200, source: source)
        board.respond(transaction, writer.finish(), status: .code(200), gate: .end)
        guard endsTheCall else { return }
        dropPending(&board)
        hangUpBothLegs(farewell: Self.farewell(passing: request), &board)
    }

    /// We end an answered call: both legs get a BYE.
    mutating func end(
        by endedBy: EndedBy, _ source: EndSource, cause: Q850Cause, _ board: inout Switchboard
    ) {
        recordEnd(by: endedBy, source, status: nil, cause: cause, &board)
        dropPending(&board)
        hangUpBothLegs(farewell: Self.farewell(cause), &board)
    }

    /// Whatever state the call is in, it ends now.
    mutating func hangUpNow(
        _ source: EndSource, cause: Q850Cause, _ board: inout Switchboard
    ) {
        switch state {
        case .waitingForTurn, .offering:
            fail(CallOutcome(503, cause, source: source), &board)
            abandonAll(cause: cause, &board)
        case .answered:
            end(by: .agent, source, cause: cause, &board)
        case .ended:
            break
        }
    }

    private mutating func hangUpBothLegs(farewell: [UInt8], _ board: inout Switchboard) {
        hangUp(.caller, farewell: farewell, &board)
        for index in attempts.indices { hangUp(.called(index), farewell: farewell, &board) }
    }

    /// Sends BYE on a leg, as soon as the RFC allows it.
    mutating func hangUp(_ id: LegID, farewell: [UInt8], _ board: inout Switchboard) {
        settleAnswer(on: id, &board)
        guard var leg = self[id], leg.isOpen else { return }
        if leg.sentAnswer != nil {
            leg.closing = .waitingForAck(farewell: farewell)
            self[id] = leg
            return
        }
        if let owed = leg.acknowledgement, case .owed(let invite) = owed.state {
            // The offer will not be answered any more; the 2xx must be acknowledged nevertheless.
            let message = board.acknowledgement(of: invite, in: leg.dialog, gate: .durable)
            leg.acknowledgement?.state = .sent(message)
            self[id] = leg
            board.output.send(message)
        }
        sayGoodbye(id, farewell: farewell, &board)
    }

    mutating func sayGoodbye(_ id: LegID, farewell: [UInt8], _ board: inout Switchboard) {
        guard var leg = self[id] else { preconditionFailure("only a dialog is ended with BYE") }
        let branch = board.entropy.branch()
        let sequence = leg.dialog.nextSequence()
        var writer = leg.dialog.request(
            .bye, sequence: sequence, sentBy: board.directory.sentBy(leg.dialog.local),
            branch: branch)
        board.authorize(&writer, .bye, uri: leg.dialog.remoteTarget, &leg.digest)
        writer.append(farewell)
        let bytes = writer.finish()
        let transaction = board.send(
            bytes, .bye, branch: branch, from: leg.dialog.local, to: board.nextHop(of: leg.dialog),
            gate: .end, owner: .call(self.id))
        leg.closing = .goodbye(Leg.Goodbye(transaction: transaction, request: bytes))
        self[id] = leg
    }

    /// Our BYE was answered, with whatever it was: the peer has no such dialog any more. 408 and
    /// 481 say so in so many words (section 12.2.1.2).
    mutating func goodbyeAnswered(
        on id: LegID, _ response: SIPMessage?, _ board: inout Switchboard
    ) {
        guard var leg = self[id], case .goodbye(var goodbye) = leg.closing else { return }
        if let response,
            let again = board.answer(
                response, to: goodbye.request, .bye, answered: &goodbye.challengesAnswered,
                sequence: leg.dialog.nextSequence(), digest: &leg.digest, leg: (self, id))
        {
            goodbye.request = again.bytes
            goodbye.transaction = board.send(
                again.bytes, .bye, branch: again.branch, from: leg.dialog.local,
                to: board.nextHop(of: leg.dialog), gate: .open, owner: .call(self.id))
            leg.closing = .goodbye(goodbye)
            self[id] = leg
            return
        }
        self[id] = leg
        close(id, &board)
    }

    /// The dialog is over on both ends.
    mutating func close(_ id: LegID, _ board: inout Switchboard) {
        guard var leg = self[id], !leg.isClosed else { return }
        leg.closing = .closed
        leg.sentAnswer = nil
        self[id] = leg
        legEnded(id, &board)
    }

    /// Requests that were on their way from one leg to the other lead nowhere now (section 15.1.2).
    /// To say so tells of the end, which is to be on disk first.
    mutating func dropPending(_ board: inout Switchboard) {
        if let modification {
            board.respond(
                modification.server, to: modification.request, from: modification.source,
                status: 487, gate: .end)
        }
        modification = nil
        for relay in relays {
            board.respond(
                relay.server, to: relay.request, from: relay.source, status: 481, gate: .end)
        }
        relays = []
    }

    static func farewell(_ cause: Q850Cause) -> [UInt8] {
        MessageWriter.lines { $0.reason(cause) }
    }

    /// The headers of one leg's BYE for the other's.
    private static func farewell(passing request: SIPMessage) -> [UInt8] {
        MessageWriter.lines {
            $0.copyHeaders(
                of: request, except: HeaderPassing.held.union(HeaderPassing.bodyHeaders))
        }
    }
}
