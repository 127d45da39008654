import TrunkEvents

/// A request of our own inside a dialog, which nothing of the other leg waits for.
struct LegRequest: Sendable {
    enum Purpose: Hashable, Sendable {
        /// OPTIONS: does the peer still have the call?
        case probe
        /// PRACK to the callee with this tag.
        case acknowledgement(remoteTag: [UInt8])
        /// UPDATE or re-INVITE: the session goes on.
        case refresh
        /// A re-INVITE with the session of who the other side is transferred to.
        case transfer
        /// A re-INVITE without a session, which asks for one: an attended transfer.
        case replacement
        /// NOTIFY: how a transfer goes.
        case notice(isLast: Bool)
    }

    let leg: Call.LegID
    let purpose: Purpose
    fileprivate(set) var transaction: ClientTransactionID
    fileprivate(set) var request: [UInt8]
    fileprivate var challengesAnswered = ChallengeTally()

    var isReinvite: Bool { request.starts(with: [UInt8]("INVITE ")) }
}

extension Call {
    /// Sends a request inside a dialog, and keeps what its answer needs.
    mutating func send(
        _ method: Method, on leg: LegID, for purpose: LegRequest.Purpose, gate: SendGate,
        _ board: inout Switchboard, write: (inout MessageWriter) -> Void = { _ in },
        passing body: SIPMessage? = nil, session: Bytes = [],
        contentType: StaticString = "application/sdp"
    ) {
        guard var dialog = dialog(on: leg, purpose) else { return }
        let branch = board.entropy.branch()
        let sequence = dialog.nextSequence()
        var writer = dialog.request(
            method, sequence: sequence, sentBy: board.directory.sentBy(dialog.local),
            branch: branch)
        var digest = digest(on: leg)
        board.authorize(&writer, method, uri: dialog.remoteTarget, &digest)
        write(&writer)
        if let body { writer.copyHeaders(of: body, only: HeaderPassing.bodyHeaders) }
        let bytes = writer.finish(
            body: body?.body ?? session,
            contentType: body == nil ? Bytes(contentType) : nil)
        let transaction = board.send(
            bytes, method, branch: branch, from: dialog.local, to: board.nextHop(of: dialog),
            gate: gate, owner: .call(id))
        keep(dialog, digest, on: leg, purpose)
        legRequests.append(
            LegRequest(leg: leg, purpose: purpose, transaction: transaction, request: bytes))
    }

    /// `nil`: no answer came in time.
    mutating func legRequestAnswered(
        _ index: Int, _ response: SIPMessage?, _ board: inout Switchboard
    ) {
        if let response, StatusCode(response).isProvisional { return }
        let request = legRequests.remove(at: index)
        if let response, answerChallenge(of: request, response, &board) { return }
        switch request.purpose {
        case .probe: probeAnswered(on: request.leg, response, &board)
        case .acknowledgement: break
        case .refresh: refreshAnswered(request, response, &board)
        case .transfer: transferAnswered(request, response, &board)
        case .replacement: replacementAnswered(request, response, &board)
        case .notice(let isLast):
            if isLast { hangUp(request.leg, farewell: Self.farewell(.normalClearing), &board) }
        }
    }

    private mutating func answerChallenge(
        of sent: LegRequest, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        var request = sent
        let method = response.cseq.method
        var digest = digest(on: sent.leg)
        guard var dialog = dialog(on: sent.leg, sent.purpose),
            let again = board.answer(
                response, to: sent.request, method, answered: &request.challengesAnswered,
                sequence: dialog.nextSequence(), digest: &digest, leg: (self, sent.leg))
        else { return false }
        keep(dialog, digest, on: sent.leg, sent.purpose)
        request.request = again.bytes
        request.transaction = board.send(
            again.bytes, method, branch: again.branch, from: dialog.local,
            to: board.nextHop(of: dialog), gate: .end, owner: .call(id))
        legRequests.append(request)
        return true
    }

    /// The confirmed dialog of a leg, or the early one of the callee that a PRACK is for.
    private func dialog(on leg: LegID, _ purpose: LegRequest.Purpose) -> Dialog? {
        guard case .acknowledgement(let tag) = purpose else { return self[leg]?.dialog }
        if let confirmed = self[leg]?.dialog {
            return confirmed.remoteTag == tag[...] ? confirmed : nil
        }
        guard case .called(let index) = leg else { return nil }
        return attempts[index].early.first { $0.dialog.remoteTag == tag[...] }?.dialog
    }

    private func digest(on leg: LegID) -> DigestSessions? {
        if let confirmed = self[leg] { return confirmed.digest }
        guard case .called(let index) = leg else { return nil }
        return attempts[index].digest
    }

    private mutating func keep(
        _ dialog: Dialog, _ digest: DigestSessions?, on leg: LegID, _ purpose: LegRequest.Purpose
    ) {
        if self[leg] != nil {
            self[leg]?.dialog = dialog
            self[leg]?.digest = digest
            return
        }
        guard case .called(let index) = leg, case .acknowledgement(let tag) = purpose,
            let place = attempts[index].early.firstIndex(where: {
                $0.dialog.remoteTag == tag[...]
            })
        else { return }
        attempts[index].early[place].dialog = dialog
        attempts[index].digest = digest
    }
}
