import TrunkEvents

/// An INFO, UPDATE or MESSAGE on its way from one leg to the other.
struct RelayedRequest: Sendable {
    let target: Call.LegID
    let initiator: Call.LegID
    let method: Method
    let server: ServerTransactionID
    let request: SIPMessage
    let source: Endpoint
    var client: ClientTransactionID
    var sent: [UInt8]
    var challengesAnswered = 0
}

extension Call {
    /// A leg may have this many under way; more are refused, so that a peer cannot pile them up.
    private static let relaysMax = 16

    mutating func relay(
        on id: LegID, _ method: Method, _ transaction: ServerTransactionID, _ request: SIPMessage,
        from source: Endpoint, _ board: inout Switchboard
    ) {
        guard let target = peer(of: id), var other = self[target] else {
            board.respond(transaction, to: request, from: source, status: 481)
            return
        }
        // RFC 3311 section 5.2: an UPDATE that meets an offer under way.
        let isGlare = method == .update && modification != nil
        guard relays.count < Self.relaysMax, !isGlare else {
            board.respond(transaction, to: request, from: source, status: isGlare ? 491 : 500)
            return
        }
        board.reserveSequences(of: &other, party(target), of: self.id)
        guard let sent = board.forward(request, method, in: &other) else {
            board.respond(transaction, to: request, from: source, status: 513)
            return
        }
        self[target] = other
        let client = board.send(
            sent.bytes, method, branch: sent.branch, from: other.dialog.local,
            to: other.dialog.nextHop, gate: .end, owner: .call(self.id))
        relays.append(
            RelayedRequest(
                target: target, initiator: id, method: method, server: transaction,
                request: request, source: source, client: client, sent: sent.bytes))
    }

    /// `nil`: no answer came in time.
    mutating func relayAnswered(
        _ index: Int, _ response: SIPMessage?, _ board: inout Switchboard
    ) {
        if let response, StatusCode(response).isProvisional { return }
        if let response, answerRelayChallenge(index, response, &board) { return }
        let relay = relays.remove(at: index)
        guard let response else {
            board.respond(relay.server, to: relay.request, from: relay.source, status: 408)
            return
        }
        let status = StatusCode(response)
        if relay.method == .update, status.isSuccess {
            self[relay.initiator]?.dialog.refreshTarget(from: relay.request)
            self[relay.target]?.dialog.refreshTarget(from: response)
            recordChange(by: relay.initiator, relay.request, status, response: [], &board)
        }
        if !status.deniesDialog { heard(from: relay.target, &board) }
        var writer = MessageWriter(
            responseTo: relay.request, status: status.rawValue, reason: response.reasonPhrase,
            source: relay.source)
        if relay.method == .update, let leg = self[relay.initiator] {
            writer.ownHeaders(contact: board.directory.contact(leg.dialog.local))
        }
        board.respond(
            relay.server, writer.finish(passing: response), status: status, gate: .end)
        if status.rawValue == 481 { peerIsGone(relay.target, &board) }
    }

    private mutating func answerRelayChallenge(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        var relay = relays[index]
        guard var leg = self[relay.target],
            let again = board.answer(
                response, to: relay.sent, relay.method, answered: relay.challengesAnswered,
                sequence: leg.dialog.nextSequence(), digest: &leg.digest,
                leg: (self, relay.target))
        else { return false }
        self[relay.target] = leg
        relay.challengesAnswered += 1
        relay.sent = again.bytes
        relay.client = board.send(
            again.bytes, relay.method, branch: again.branch, from: leg.dialog.local,
            to: leg.dialog.nextHop, gate: .open, owner: .call(id))
        relays[index] = relay
        return true
    }
}
