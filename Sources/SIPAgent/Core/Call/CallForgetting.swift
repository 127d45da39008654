/// When the INVITEs of a call are old.
extension Call {
    /// Timer M: no copy of a 2xx comes any more (RFC 6026 section 8.4), so nothing is asked of its
    /// INVITE and its ACK.
    mutating func inviteEnded(_ client: ClientTransactionID, _ board: inout Switchboard) {
        for id in legIDs {
            guard let acknowledgement = self[id]?.acknowledgement,
                acknowledgement.transaction == client, case .sent = acknowledgement.state
            else { continue }
            self[id]?.acknowledgement = nil
        }
        guard let index = attempts.firstIndex(where: { $0.transaction == client }) else { return }
        forgetInvites(answeredBy: index, &board)
    }

    /// The caller's INVITE was answered together with ours, so its transaction is over too: one of
    /// the same names would be no loop (RFC 3261 section 8.2.2.2).
    mutating func forgetInvites(answeredBy index: Int, _ board: inout Switchboard) {
        attempts[index].forgetInvite()
        guard peer(of: .called(index)) == .caller else { return }
        if let key = caller.key { board.callers[key] = nil }
        caller.forgetInvite()
        caller.forgetKey()
    }
}

extension SIPMessage {
    /// Stands where an INVITE was that nothing is asked of any more: thousands of held calls share
    /// this one instead of keeping two datagrams each.
    static let forgotten: SIPMessage = {
        let text = """
            INVITE sip:forgotten.invalid SIP/2.0\r
            Via: SIP/2.0/UDP forgotten.invalid;branch=z9hG4bK-forgotten\r
            From: <sip:forgotten.invalid>;tag=forgotten\r
            To: <sip:forgotten.invalid>\r
            Call-ID: forgotten\r
            CSeq: 1 INVITE\r
            Content-Length: 0\r
            \r

            """
        guard let message = SIPMessage(own: Array(text.utf8)) else {
            preconditionFailure("a constant message can be read")
        }
        return message
    }()
}
