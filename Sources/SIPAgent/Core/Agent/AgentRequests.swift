import TrunkEvents

// New requests, by what they ask for (RFC 3261 section 8.2).
extension AgentCore {
    mutating func take(
        _ request: SIPMessage, _ transaction: ServerTransactionID, from source: Endpoint,
        on listener: Endpoint
    ) {
        let method = request.method ?? .other
        // Before anything else is looked at (section 8.2).
        let isTransfer = method == .refer && carriesOutTransfers(of: source)
        if method == .invite && request.to.tag == nil || isTransfer,
            !isAuthenticated(request, transaction, from: source)
        {
            return
        }
        let served = Self.served(method, isInDialog: request.to.tag != nil)
        if case .reject(let rejection) = RequestCheck.verdict(request, served: served) {
            let tag = board.entropy.tag()
            let bytes = MessageWriter.refusal(
                of: request, rejection, served: served, toTag: tag[...], source: source)
            board.respond(transaction, bytes, status: .code(rejection.status), gate: .open)
            return
        }
        if isTransfer, !takesCalls {
            refuseForNow(request, transaction, from: source)
            return
        }
        if request.to.tag != nil {
            takeInDialog(request, method, transaction, from: source)
            return
        }
        switch method {
        case .invite:
            takeInvite(request, transaction, from: source, on: listener)
        case .options:
            answerOptions(request, transaction, from: source)
        case .bye, .prack, .info, .update:
            board.respond(transaction, to: request, from: source, status: 481)
        case .ack, .cancel, .register, .refer, .notify, .subscribe, .message, .publish, .other:
            respondNotAllowed(request, transaction, from: source)
        }
    }

    private var takesCalls: Bool { phase == .serving && !isShedding }

    private func carriesOutTransfers(of source: Endpoint) -> Bool {
        guard case .dialer(let dialer) = board.directory.peer(at: source) else { return false }
        return dialer.transfersHere
    }

    private mutating func refuseForNow(
        _ request: SIPMessage, _ transaction: ServerTransactionID, from source: Endpoint
    ) {
        var writer = MessageWriter(
            responseTo: request, status: 503, toTag: board.entropy.tag()[...], source: source)
        writer.header(.retryAfter, number: 5)
        board.respond(transaction, writer.finish(), status: .code(503), gate: .open)
    }

    private static func served(_ method: Method, isInDialog: Bool) -> ServedSet {
        switch method {
        case .info, .message: HeaderPassing.servedAnyBody
        case .refer where isInDialog, .notify where isInDialog: HeaderPassing.servedInTransfers
        case .invite where !isInDialog: HeaderPassing.servedForCalls
        default: HeaderPassing.served
        }
    }

    private mutating func takeInDialog(
        _ request: SIPMessage, _ method: Method, _ transaction: ServerTransactionID,
        from source: Endpoint
    ) {
        guard let id = board.dialogs[request.to.tag ?? []], calls.contains(id) else {
            board.respond(transaction, to: request, from: source, status: 481)
            return
        }
        let replaced = method == .refer ? replacedCall(by: request, in: id) : nil
        onCall(id) { call, board in
            call.receive(
                request, method, transaction, from: source, replacing: replaced, &board)
        }
    }

    private mutating func respondNotAllowed(
        _ request: SIPMessage, _ transaction: ServerTransactionID, from source: Endpoint
    ) {
        let tag = board.entropy.tag()
        let bytes = MessageWriter.refusal(
            of: request, .methodNotAllowed, served: HeaderPassing.served, toTag: tag[...],
            source: source)
        board.respond(transaction, bytes, status: .code(405), gate: .open)
    }

    /// A dialer asks whether calls can be placed; a carrier whether we are there.
    private mutating func answerOptions(
        _ request: SIPMessage, _ transaction: ServerTransactionID, from source: Endpoint
    ) {
        var isServing = takesCalls
        if case .dialer = board.directory.peer(at: source) {
            isServing = isServing && board.trunks.canTakeCall(at: board.now.monotonic)
        }
        let status: UInt16 = isServing ? 200 : 503
        let tag = board.entropy.tag()
        var writer = MessageWriter(
            responseTo: request, status: status, toTag: tag[...], source: source)
        writer.allow(HeaderPassing.served)
        writer.header(.accept, "application/sdp")
        board.respond(transaction, writer.finish(), status: .code(status), gate: .open)
    }

    private mutating func takeInvite(
        _ invite: SIPMessage, _ transaction: ServerTransactionID, from source: Endpoint,
        on listener: Endpoint
    ) {
        let called = [
            Switchboard.user(in: invite.requestURI ?? []), Switchboard.user(in: invite.to.uriText),
        ]
        guard let peer = board.directory.peer(at: source, calling: called) else {
            preconditionFailure("strangers do not get here")
        }
        if let refusal = refusal(of: invite, from: peer) {
            var writer = MessageWriter(
                responseTo: invite, status: refusal.status, toTag: board.entropy.tag()[...],
                source: source)
            writer.append(refusal.headers)
            board.respond(
                transaction, writer.finish(), status: .code(refusal.status), gate: .open)
            return
        }
        switch peer {
        case .dialer(let dialer):
            insert(
                Call.place(invite, transaction, for: dialer, from: source, on: listener, &board))
        case .trunk(let trunk):
            insert(Call.take(invite, transaction, on: trunk, from: source, on: listener, &board))
        }
    }

    /// Why an INVITE never becomes a call.
    private mutating func refusal(
        of invite: SIPMessage, from peer: KnownPeer
    ) -> (status: UInt16, headers: [UInt8])? {
        if isLoop(invite) { return (482, []) }
        if !takesCalls {
            return (503, MessageWriter.lines { $0.header(.retryAfter, number: 5) })
        }
        if peer.calls.reliability == .refused, invite.lists("100rel", in: .require) {
            return (420, MessageWriter.lines { $0.header(.unsupported, "100rel") })
        }
        if let timer = peer.calls.sessionTimer {
            if timer.refuses(invite) {
                return (422, MessageWriter.lines { $0.header(.minSE, number: timer.minimum) })
            }
        } else if invite.lists("timer", in: .require) {
            return (420, MessageWriter.lines { $0.header(.unsupported, "timer") })
        }
        return nil
    }

    /// An INVITE that reached us twice on different ways (section 8.2.2.2), or one of our own that
    /// came back.
    private func isLoop(_ invite: SIPMessage) -> Bool {
        if board.callers[CallerKey(invite)] != nil { return true }
        guard let tag = invite.from.tag, let id = board.dialogs[tag],
            let call = calls[id]?.call
        else { return false }
        return call.attempts.contains { attempt in
            attempt.localTag.elementsEqual(tag)
                && attempt.callID.elementsEqual(invite.callID)
        }
    }
}
