import TrunkEvents

/// Whose transfer led to a call.
struct Referral: Sendable {
    /// The call that is transferred.
    let call: CallID
    /// Its side that asked, and leaves.
    let leaving: CallParty
}

/// A call that a transfer led to: nobody is its caller until its callee has answered, and the side
/// of another call that stays has answered the callee's offer.
extension Call {
    /// The callee has answered. Its ACK waits for the session of the side that stays.
    mutating func offerToReferred(
        _ index: Int, _ response: SIPMessage, _ referral: Referral, _ board: inout Switchboard
    ) {
        confirmCalled(
            index, calledLeg(index, response, takeEarlyDialog(index, response)), response, &board)
        state = .answered(Answered(attempt: index))
        if response.body.isEmpty {
            end(by: .agent, .finalResponse, cause: .interworking, &board)
        } else {
            board.tell(referral.call, .answered(response))
        }
    }

    mutating func join(
        _ transferred: TransferredLeg, answer: SIPMessage, _ board: inout Switchboard
    ) {
        guard case .answered(let answered) = state, var callee = self[.called(answered.attempt)]
        else { preconditionFailure("who has hung up has told so") }
        letCallerGo(&board)
        board.dialogs[caller.localTag] = nil
        if let key = caller.key { board.callers[key] = nil }
        caller = CallerLeg(transferred)
        board.dialogs[transferred.localTag] = id
        if case .owed(let invite) = callee.acknowledgement?.state {
            let message = board.acknowledgement(
                of: invite, in: callee.dialog, body: answer, gate: .durable)
            callee.acknowledgement?.state = .sent(message)
            board.output.send(message)
        }
        callee.timer?.offer(answer.body)
        self[.called(answered.attempt)] = callee
        setLimits(since: board.now.wall, board)
        if case .answered(var limited) = state {
            limited.endsAt = limited.endsAt.earlier(transferred.endsAt)
            state = .answered(limited)
        }
    }

    /// The dialer of an attended transfer, which nobody listens to any more.
    private mutating func letCallerGo(_ board: inout Switchboard) {
        replacement = nil
        dropRelays(&board)
        legRequests.removeAll { $0.leg == .caller }
        if self[.caller]?.isOpen == true {
            sayGoodbye(.caller, farewell: Self.farewell(.normalClearing), &board)
        }
    }

    /// The call that was to be transferred is over, or the side that stays has refused.
    mutating func referralAbandoned(_ cause: Q850Cause, _ board: inout Switchboard) {
        if replacement != nil { return abandonReplacement(cause, &board) }
        guard case .referred = caller.state else { return }
        switch state {
        case .waitingForTurn, .offering:
            fail(CallOutcome(487, cause, by: .local, source: .cancel), &board)
            abandonAll(cause: cause, &board)
        case .answered:
            end(by: .local, .bye, cause: cause, &board)
        case .ended: break
        }
    }
}

// A call that an attended transfer names.
extension Call {
    /// Asks the callee for a session. Meanwhile the call is what it was.
    mutating func beginReplacement(_ referral: Referral, _ board: inout Switchboard) {
        guard case .answered(let answered) = state, replacement == nil, transfer == nil,
            !isChangingSession, var leg = self[.called(answered.attempt)]
        else {
            board.tell(referral.call, .failed(.code(491)))
            return
        }
        replacement = referral
        board.record(
            .transferBegun(TransferBegun(call: id, from: referral.call, leaving: referral.leaving)))
        board.reserveSequences(of: &leg, home(of: .called(answered.attempt)))
        self[.called(answered.attempt)] = leg
        let contact = board.directory.contact(leg.dialog.local)
        send(
            .invite, on: .called(answered.attempt), for: .replacement, gate: .end, &board,
            write: { writer in
                writer.ownHeaders(contact: contact)
                writer.request(leg.timer)
            })
    }

    /// `nil`: no answer came in time.
    mutating func replacementAnswered(
        _ request: LegRequest, _ response: SIPMessage?, _ board: inout Switchboard
    ) {
        guard var leg = self[request.leg], leg.isOpen, !isEnded else { return }
        let status = response.map { StatusCode($0) } ?? .code(408)
        guard let response, status.isSuccess, let invite = SIPMessage(own: request.request) else {
            if let referral = replacement { board.tell(referral.call, .failed(status)) }
            replacement = nil
            if status.deniesDialog { peerIsGone(request.leg, &board) }
            return
        }
        leg.dialog.refreshTarget(from: response)
        leg.acknowledgement = Acknowledgement(
            transaction: request.transaction, sequence: invite.cseq.number,
            state: .owed(invite: invite))
        self[request.leg] = leg
        guard let referral = replacement, !response.body.isEmpty else {
            return end(by: .agent, .finalResponse, cause: .interworking, &board)
        }
        board.tell(referral.call, .answered(response))
    }

    /// An offer that nobody answers ends the call: it was made for somebody who is gone.
    private mutating func abandonReplacement(_ cause: Q850Cause, _ board: inout Switchboard) {
        replacement = nil
        guard case .answered(let answered) = state,
            case .owed = self[.called(answered.attempt)]?.acknowledgement?.state
        else { return }
        end(by: .agent, .finalResponse, cause: cause, &board)
    }
}

extension Switchboard {
    /// What a dialer would have sent that called the number itself, as a template for the INVITEs
    /// of that call. It has no session: the callee offers one.
    mutating func invite(
        inPlaceOf refer: SIPMessage, to number: Bytes, _ dialog: Dialog
    ) -> SIPMessage? {
        let uri = Self.sipURI(user: number, host: directory.host(dialog.local))
        let to = MessageWriter.nameAddress(uri: uri[...])
        let sentBy = directory.sentBy(dialog.local)
        let branch = entropy.branch()
        var writer = MessageWriter(
            request: RequestHead(
                method: .invite, uri: uri[...],
                via: ViaHead(
                    transport: ViaTransport(dialog.local.transport), sentBy: sentBy[...],
                    branch: branch[...]),
                maxForwards: UInt8(min(refer.maxForwards ?? 70, 255)),
                from: dialog.remoteAddress, to: to[...], callID: dialog.callID,
                cseq: refer.cseq.number))
        writer.header(.contact, MessageWriter.nameAddress(uri: dialog.remoteTarget))
        return SIPMessage(own: writer.finish())
    }
}
