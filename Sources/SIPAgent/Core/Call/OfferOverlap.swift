import TrunkEvents

/// One offer at a time: what keeps another one from passing (RFC 3261 section 14.2, RFC 3311
/// section 5.2).
extension Call {
    /// The answer to a re-INVITE or an UPDATE with an offer that comes at the wrong moment. `true`:
    /// it was given.
    mutating func refusesOffer(
        in request: SIPMessage, on id: LegID, to target: LegID,
        _ transaction: ServerTransactionID, from source: Endpoint, _ board: inout Switchboard
    ) -> Bool {
        guard let status = refusalOfOffer(on: id, to: target) else { return false }
        var writer = MessageWriter(responseTo: request, status: status, source: source)
        if status == 500 { writer.retryAfter(&board.entropy) }
        board.respond(transaction, writer.finish(), status: .code(status), gate: .open)
        return true
    }

    /// A second offer of the same side gets 500, one that meets the other side's 491.
    private func refusalOfOffer(on id: LegID, to target: LegID) -> UInt16? {
        if let modification { return modification.initiator == id ? 500 : 491 }
        if let relay = relays.first(where: { $0.isOffer }) {
            return relay.initiator == id ? 500 : 491
        }
        // A re-INVITE of ours that refreshes a session.
        if legRequests.contains(where: \.isReinvite) { return 491 }
        // An INVITE whose ACK is still out counts as being in progress (section 14.1).
        if let answer = self[target]?.sentAnswer, !answer.mayBeAcknowledged { return 491 }
        if case .owed = self[id]?.acknowledgement?.state { return 491 }
        // It has offered a session itself.
        if case .owed = self[target]?.acknowledgement?.state { return 491 }
        return nil
    }
}

extension MessageWriter {
    /// 0 to 10 s by chance, as RFC 3261 section 14.2 asks.
    mutating func retryAfter(_ entropy: inout Entropy) {
        header(.retryAfter, number: UInt32.random(in: 0...10, using: &entropy))
    }
}
