import TrunkEvents

/// Provisional answers to the caller (RFC 3262 section 3): reliable where it requires that, or
/// supports it and the configuration wants it.
///
/// An offer in a PRACK of the caller is refused with 488, and the PRACK counts all the same: the
/// called leg's own PRACK has left long before.
extension Call {
    /// With a tag of ours: the carrier's tag names the other dialog. 199 ends an early dialog of
    /// the other leg only (RFC 6228).
    mutating func relayProgress(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        let status = StatusCode(response)
        if case .referred(let referral) = caller.state {
            board.tell(referral.call, .progressed(status))
            return
        }
        guard case .invited(let transaction) = caller.state, status.rawValue != 199 else { return }
        let place = showDialog(of: attempts[index].number, response.to.tag ?? [], &board)
        // Without an offer in the INVITE a reliable answer would have to bring one, and only a
        // reliable one of the callee can (section 5).
        let isPossible = !caller.invite.body.isEmpty || response.isReliableProvisional
        guard caller.takesReliably, isPossible else {
            guard !caller.requiresReliable else { return }
            let bytes = progressWriter(place, response, status, board).finish(passing: response)
            board.respond(transaction, bytes, status: status, gate: .open)
            return
        }
        if caller.shown[place].progress == nil {
            let first = UInt32.random(in: 1...0x7FFF_FFFF, using: &board.entropy)
            caller.shown[place].progress = ReliableProgress(first: first)
        }
        let writer = progressWriter(place, response, status, board)
        let provisional = caller.shown[place].progress?.add(
            status, at: board.now.monotonic, board.timers
        ) { sequence in
            var writer = writer
            writer.header(.require, "100rel")
            writer.header(.rseq, number: sequence)
            return writer.finish(passing: response)
        }
        if let provisional { send(provisional, transaction, &board) }
    }

    private func progressWriter(
        _ place: Int, _ response: SIPMessage, _ status: StatusCode,
        _ board: borrowing Switchboard
    ) -> MessageWriter {
        var writer = MessageWriter(
            responseTo: caller.invite, status: status.rawValue, reason: response.reasonPhrase,
            toTag: caller.shown[place].localTag[...], source: caller.source, recordRoute: true)
        writer.ownHeaders(contact: board.directory.contact(caller.listener))
        return writer
    }

    private func send(
        _ provisional: ReliableProgress.Provisional, _ transaction: ServerTransactionID,
        _ board: inout Switchboard
    ) {
        board.respond(
            transaction, provisional.response, status: provisional.status, gate: .open)
    }

    /// A PRACK of the caller, before its call is answered.
    mutating func receivedPrack(
        _ server: ServerTransactionID, _ request: SIPMessage, from source: Endpoint,
        _ board: inout Switchboard
    ) {
        guard let rack = request.first(.rack).flatMap(RAck.init), rack.cseq.method == .invite,
            rack.cseq.number == caller.invite.cseq.number,
            let place = caller.shown.firstIndex(where: {
                $0.localTag.elementsEqual(request.to.tag ?? [])
            }), caller.shown[place].progress?.outstanding?.provisional.sequence == rack.rseq
        else {
            board.respond(server, to: request, from: source, status: 481)
            return
        }
        let isRefused =
            !request.body.isEmpty && !passAnswer(in: request, to: caller.shown[place], &board)
        board.respond(server, to: request, from: source, status: isRefused ? 488 : 200)
        let next = caller.shown[place].progress?.acknowledge(at: board.now.monotonic, board.timers)
        guard case .invited(let transaction) = caller.state else { return }
        if let next { send(next, transaction, &board) }
        connectHeld(&board)
    }

    /// Repeats what was not acknowledged. Who acknowledges nothing is refused (section 3).
    mutating func progressIsDue(_ board: inout Switchboard) {
        guard case .invited(let transaction) = caller.state else { return }
        for place in caller.shown.indices {
            switch caller.shown[place].progress?.advance(to: board.now.monotonic) {
            case .copy(let provisional):
                send(provisional, transaction, &board)
            case .givenUp:
                let outcome = CallOutcome(504, .recoveryOnTimerExpiry, source: .timeout)
                fail(outcome, &board)
                abandonAll(cause: outcome.cause, &board)
                return
            case nil: break
            }
        }
    }
}

// The answer waits for the PRACK of what was sent before it.
extension Call {
    /// A 2xx of the called side while a provisional answer of ours is not acknowledged yet. `true`:
    /// it is kept. RFC 3262 section 3 asks for that where the provisional has a session
    /// description; without one it costs a round trip at most.
    mutating func holdsAnswer(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        let number = attempts[index].number
        let tag = response.to.tag ?? []
        guard awaitsAcknowledgement(of: number, tag) else { return false }
        let place = showDialog(of: number, tag, &board)
        caller.shown[place].progress?.dropWaiting()
        attempts[index].state = .held(response)
        return true
    }

    private mutating func connectHeld(_ board: inout Switchboard) {
        for index in attempts.indices {
            guard case .held(let response) = attempts[index].state,
                !awaitsAcknowledgement(of: attempts[index].number, response.to.tag ?? [])
            else { continue }
            connect(index, response, &board)
            return
        }
    }
}
