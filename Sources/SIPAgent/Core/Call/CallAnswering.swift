import TrunkEvents

/// 2xx and ACK on both legs (RFC 3261 section 13).
///
/// The carrier gets its ACK as soon as the answer is on disk, not when the caller's ACK arrives: a
/// lost ACK on one leg must not make the other leg's far end send its 2xx for 32 seconds and then
/// hang up. Only where our INVITE had no offer, so that the ACK must carry the caller's answer
/// (section 13.2.1), does it wait for the caller's ACK.
extension Call {
    mutating func answered(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        switch attempts[index].state {
        case .calling, .ringing:
            // At once, also where it is kept from the caller: the carrier bills from here, and
            // after a crash it is owed an ACK and a BYE.
            recordAnswer(index, response, &board)
            if case .referred(let referral) = caller.state {
                offerToReferred(index, response, referral, &board)
            } else if !holdsAnswer(index, response, &board) {
                connect(index, response, &board)
            }
        case .held: break
        case .abandoned, .listening:
            recordAnswer(index, response, &board)
            answeredTooLate(index, response, &board)
        case .answered(let leg): answeredAgain(index, leg, response, &board)
        case .over: break
        }
    }

    mutating func connect(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        guard case .invited(let transaction) = caller.state, case .offering = state else {
            preconditionFailure("a live attempt belongs to a caller who waits")
        }
        let shown = keepDialog(of: attempts[index].number, response.to.tag ?? [], &board)
        let early = takeEarlyDialog(index, response)
        let called = calledLeg(index, response, early)
        let status = StatusCode(response)
        var writer = MessageWriter(
            responseTo: caller.invite, status: status.rawValue, reason: response.reasonPhrase,
            toTag: caller.localTag[...], source: caller.source, recordRoute: true)
        writer.ownHeaders(contact: board.directory.contact(caller.listener))
        let session = response.body.isEmpty ? early?.answer?.body ?? [] : response.body
        let timer = timer(answering: caller.invite, on: .caller, session: session, board)
        writer.answer(timer)
        let bytes = writer.finish(passing: response, orBodyOf: early?.answer)
        board.record(
            .callAnswered(
                CallAnswered(
                    call: id, toTag: Octets(caller.localTag), response: Octets(bytes))))
        board.respond(transaction, bytes, status: status, gate: .durable)
        confirmCalled(index, called, response, &board)
        var leg = Leg(
            dialog: Dialog(
                invite: caller.invite, localTag: caller.localTag, local: caller.listener,
                source: caller.source))
        leg.sentAnswer = SentAnswer(
            transaction: transaction, request: caller.invite, status: status, response: bytes,
            at: board.now.monotonic, timers: board.timers)
        if let shown { leg.dialog.follow(shown) }
        board.lookAhead(in: leg.dialog)
        leg.timer = timer
        caller.state = .answered(leg)
        caller.forgetInvite()
        state = .answered(Answered(attempt: index))
        setLimits(since: board.now.wall, board)
    }

    /// The 2xx crossed our CANCEL: the carrier bills it, so it is an answer, and it is hung up.
    mutating func answeredTooLate(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        var leg = calledLeg(index, response, takeEarlyDialog(index, response))
        // A process before this one may have sent PRACKs.
        leg.dialog.skipSequences()
        let acknowledgement = board.acknowledgement(
            of: attempts[index].invite, in: leg.dialog, gate: .durable)
        leg.acknowledgement = Acknowledgement(
            transaction: attempts[index].transaction,
            sequence: attempts[index].invite.cseq.number, state: .sent(acknowledgement))
        board.output.send(acknowledgement)
        attempts[index].state = .answered(leg)
        hangUp(.called(index), farewell: Self.farewell(.normalClearing), &board)
    }

    /// A copy of the 2xx gets a copy of the ACK. Another To tag is another callee of a forking
    /// proxy (section 13.2.2.4): one is enough, the others are acknowledged and hung up.
    private func answeredAgain(
        _ index: Int, _ leg: Leg, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        let attempt = attempts[index]
        if leg.dialog.remoteTag.elementsEqual(response.to.tag ?? []) {
            if case .sent(let message) = leg.acknowledgement?.state {
                board.repeatAcknowledgement(message, in: leg.dialog)
            }
            return
        }
        hangUpFork(attempt, response, &board)
    }

    /// A 2xx that no transaction waits for: a copy that comes after a restart, or another callee of
    /// a forking proxy, whose call was refused or answered before.
    mutating func answeredOutOfTransaction(_ response: SIPMessage, _ board: inout Switchboard) {
        guard let id = leg(tagged: response.from.tag ?? []) else { return }
        if let leg = self[id], leg.dialog.matches(response: response) {
            guard let acknowledgement = leg.acknowledgement,
                acknowledgement.sequence == response.cseq.number,
                case .sent(let message) = acknowledgement.state
            else { return }
            board.repeatAcknowledgement(message, in: leg.dialog)
        } else if case .called(let index) = id,
            attempts[index].callID.elementsEqual(response.callID)
        {
            hangUpFork(attempts[index], response, &board)
        }
    }

    private func hangUpFork(
        _ attempt: Attempt, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        var fork = Dialog(
            invite: attempt.invite, response: response, local: attempt.local,
            remote: attempt.remote)
        let sentBy = board.directory.sentBy(attempt.local)
        // Not before the answer that the log has: after a crash it would be the only one.
        let acknowledgement = board.acknowledgement(of: attempt.invite, in: fork, gate: .durable)
        board.output.send(acknowledgement)
        let branch = board.entropy.branch()
        let sequence = fork.nextSequence()
        var writer = fork.request(.bye, sequence: sequence, sentBy: sentBy, branch: branch)
        writer.reason(.normalClearing)
        _ = board.send(
            writer.finish(), .bye, branch: branch, from: fork.local, to: board.nextHop(of: fork),
            gate: .end, owner: .call(id))
    }

    private func recordAnswer(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        if direction == .outbound {
            board.note(.alive(StatusCode(response)), of: attempts[index].trunk)
        }
        board.record(
            .attemptAnswered(
                AttemptAnswered(
                    call: id, trunk: attempts[index].trunk, attempt: attempts[index].number,
                    code: StatusCode(response), toTag: Octets(Array(response.to.tag ?? [])),
                    response: Octets(response.bytes))))
    }

    /// The called side has answered. Where it offers a session, its ACK waits for the answer.
    mutating func confirmCalled(
        _ index: Int, _ called: Leg, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        var leg = called
        let invite = attempts[index].invite
        leg.acknowledgement = board.acknowledge(
            invite, attempts[index].transaction, in: leg.dialog, gate: .durable)
        if invite.sessionExpires != nil {
            leg.timer = SessionTimer(
                answeredWith: response, session: invite.body, minimum: invite.minSE ?? 0,
                at: board.now)
        }
        attempts[index].state = .answered(leg)
    }

    func calledLeg(
        _ index: Int, _ response: SIPMessage, _ early: EarlyDialog?
    ) -> Leg {
        var leg = Leg(
            dialog: Dialog(
                invite: attempts[index].invite, response: response, local: attempts[index].local,
                remote: attempts[index].remote))
        if let early { leg.dialog.follow(early.dialog) }
        leg.digest = attempts[index].digest
        return leg
    }

    /// An ACK arrived. It settles our 2xx, carries the answer to an offer that came with it, and
    /// lets a BYE go that waited for it.
    mutating func acknowledged(
        on id: LegID, _ request: SIPMessage, _ board: inout Switchboard
    ) {
        guard var leg = self[id], leg.dialog.matches(request), let answer = leg.sentAnswer,
            answer.sequence == request.cseq.number
        else { return }
        leg.sentAnswer = nil
        leg.timer?.answerArrived(at: board.now)
        self[id] = leg
        if let peer = peer(of: id), var other = self[peer],
            let owed = other.acknowledgement, case .owed(let invite) = owed.state
        {
            let message = board.acknowledgement(
                of: invite, in: other.dialog, body: request, gate: .end)
            other.acknowledgement?.state = .sent(message)
            other.timer?.offer(request.body)
            self[peer] = other
            board.output.send(message)
        }
        if case .waitingForAck(let farewell) = leg.closing {
            sayGoodbye(id, farewell: farewell, &board)
        }
    }

    /// Sends our 2xx again, or gives up: without an ACK the dialog is ended (section 13.3.1.4).
    mutating func answerIsDue(on id: LegID, _ board: inout Switchboard) {
        guard var leg = self[id], var answer = leg.sentAnswer,
            answer.deadline <= board.now.monotonic
        else { return }
        if answer.givesUp > board.now.monotonic {
            answer.scheduleNextCopy(after: board.now.monotonic, timers: board.timers)
            leg.sentAnswer = answer
            self[id] = leg
            board.respond(
                answer.transaction, answer.response, status: answer.status, gate: .open)
            return
        }
        leg.sentAnswer = nil
        self[id] = leg
        if case .waitingForAck(let farewell) = leg.closing {
            sayGoodbye(id, farewell: farewell, &board)
        } else if !isEnded, !answer.mayBeAcknowledged {
            end(by: .agent, .timeout, cause: .recoveryOnTimerExpiry, &board)
        }
    }
}

extension Switchboard {
    /// The ACK of a 2xx to an INVITE of ours: now, or once the other leg has answered the offer.
    mutating func acknowledge(
        _ invite: SIPMessage, _ transaction: ClientTransactionID?, in dialog: Dialog,
        gate: SendGate
    ) -> Acknowledgement {
        guard !invite.body.isEmpty else {
            return Acknowledgement(
                transaction: transaction, sequence: invite.cseq.number,
                state: .owed(invite: invite))
        }
        let message = acknowledgement(of: invite, in: dialog, gate: gate)
        output.send(message)
        return Acknowledgement(
            transaction: transaction, sequence: invite.cseq.number, state: .sent(message))
    }
}
