import TrunkEvents

/// An INFO, UPDATE, MESSAGE, REFER or NOTIFY on its way from one leg to the other.
struct RelayedRequest: Sendable {
    let target: Call.LegID
    let initiator: Call.LegID
    let method: Method
    let server: ServerTransactionID
    let request: SIPMessage
    let source: Endpoint
    var client: ClientTransactionID
    var sent: [UInt8]
    var challengesAnswered = ChallengeTally()

    /// Its answer settles a session.
    var isOffer: Bool { method == .update && !request.body.isEmpty }
}

extension Call {
    /// A leg may have this many under way; more are refused, so that a peer cannot pile them up.
    private static let relaysMax = 16

    mutating func relay(
        on id: LegID, _ method: Method, _ transaction: ServerTransactionID, _ request: SIPMessage,
        from source: Endpoint, _ board: inout Switchboard, except ids: HeaderSet = [],
        write: (inout MessageWriter) -> Void = { _ in }
    ) {
        guard let target = peer(of: id), var other = self[target] else {
            board.respond(transaction, to: request, from: source, status: 481)
            return
        }
        if method == .update, !request.body.isEmpty,
            refusesOffer(in: request, on: id, to: target, transaction, from: source, &board)
        {
            return
        }
        guard relays.count(where: { $0.initiator == id }) < Self.relaysMax else {
            board.respond(transaction, to: request, from: source, status: 500)
            return
        }
        board.reserveSequences(of: &other, home(of: target))
        let forwarded = board.forward(request, method, in: &other, except: ids, write: write)
        guard let sent = forwarded else {
            board.respond(transaction, to: request, from: source, status: 513)
            return
        }
        self[target] = other
        let client = board.send(
            sent.bytes, method, branch: sent.branch, from: other.dialog.local,
            to: board.nextHop(of: other.dialog), gate: .end, owner: .call(self.id))
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
            updated(relay, response, &board)
            recordChange(by: relay.initiator, relay.request, status, response: [], &board)
        }
        if !status.deniesDialog { heard(from: relay.target, &board) }
        var writer = MessageWriter(
            responseTo: relay.request, status: status.rawValue, reason: response.reasonPhrase,
            source: relay.source)
        if relay.method.hasContact {
            writer.ownHeaders(contact: board.directory.contact(local(of: relay.initiator)))
            if status.isSuccess { writer.answer(self[relay.initiator]?.timer) }
        }
        board.respond(
            relay.server, writer.finish(passing: response), status: status, gate: .end)
        // To a NOTIFY it says that the subscription is gone (RFC 6665 section 4.2.2).
        if status.rawValue == 481, relay.method != .notify, self[relay.target] != nil {
            peerIsGone(relay.target, &board)
        }
    }

    /// The listener that a leg lives on.
    func local(of leg: LegID) -> Endpoint {
        switch leg {
        case .caller: caller.listener
        case .called(let index): attempts[index].local
        }
    }

    private mutating func updated(
        _ relay: RelayedRequest, _ response: SIPMessage, _ board: inout Switchboard
    ) {
        let before = (self[relay.initiator]?.timer, self[relay.target]?.timer)
        let granted = timer(
            answering: relay.request, on: relay.initiator, session: response.body, board)
        self[relay.initiator]?.dialog.refreshTarget(from: relay.request)
        self[relay.initiator]?.timer = granted
        self[relay.target]?.dialog.refreshTarget(from: response)
        recordTimer(of: relay.initiator, granted, before: before.0, &board)
        guard let timer = before.1 else { return }
        let agreed = SessionTimer(
            answeredWith: response, session: relay.request.body, minimum: timer.minimum,
            at: board.now)
        self[relay.target]?.timer = agreed
        recordTimer(of: relay.target, agreed, before: timer, &board)
    }

    private mutating func answerRelayChallenge(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        var relay = relays[index]
        guard var leg = self[relay.target],
            let again = board.answer(
                response, to: relay.sent, relay.method, answered: &relay.challengesAnswered,
                sequence: leg.dialog.nextSequence(), digest: &leg.digest,
                leg: (self, relay.target))
        else { return false }
        self[relay.target] = leg
        relay.sent = again.bytes
        relay.client = board.send(
            again.bytes, relay.method, branch: again.branch, from: leg.dialog.local,
            to: board.nextHop(of: leg.dialog), gate: .open, owner: .call(id))
        relays[index] = relay
        return true
    }
}
