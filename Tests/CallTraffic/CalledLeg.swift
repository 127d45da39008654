import TestSupport
import TrunkEvents

/// The carrier's leg of one attempt: what its SIP messages carry.
struct CalledLeg: Sendable {
    private static let local = Endpoint(address: IPAddress(v4: 0xCB00_710A), port: 5062)

    let sipCallID: String
    let fromTag: Octets
    let branch: String
    let toTag: Octets
    let mediaPort: Int

    init(_ random: inout SeededGenerator) {
        sipCallID = CallParties.text(random.hexadecimal(32)) + "@203.0.113.10"
        fromTag = Octets(random.hexadecimal(16))
        branch = "z9hG4bK" + CallParties.text(random.hexadecimal(16))
        toTag = Octets("gK" + CallParties.text(random.hexadecimal(8)))
        mediaPort = 10_000 + 2 * Int(random.below(10_000))
    }

    func sent(
        _ id: CallID, _ trunk: TrunkName, _ attempt: AttemptNumber, _ remote: Endpoint,
        _ parties: CallParties, datagrams: Bool
    ) -> Event {
        .attemptSent(
            AttemptSent(
                call: id, trunk: trunk, attempt: attempt, calledLeg: .trunk, local: Self.local,
                remote: remote, sipCallID: Octets(sipCallID), fromTag: fromTag,
                invite: datagrams ? Octets(invite(parties, remote)) : .empty))
    }

    private func invite(_ parties: CallParties, _ remote: Endpoint) -> String {
        """
        INVITE sip:+1\(parties.called)@\(remote.address):5060 SIP/2.0\r
        Via: SIP/2.0/UDP 203.0.113.10:5062;branch=\(branch);rport\r
        Max-Forwards: 69\r
        From: <sip:+1\(parties.caller)@203.0.113.10>;tag=\(fromTag)\r
        To: <sip:+1\(parties.called)@\(remote.address)>\r
        Contact: <sip:203.0.113.10:5062>\r
        Call-ID: \(sipCallID)\r
        CSeq: 1 INVITE\r
        Allow: INVITE, ACK, CANCEL, OPTIONS, BYE\r
        Supported: timer\r
        Content-Type: application/sdp\r
        Content-Length: 240\r
        \r
        \(parties.session("10.0.0.24", port: 10_000))
        """
    }

    /// The carrier's 200.
    func answer(_ parties: CallParties, datagrams: Bool) -> Octets {
        guard datagrams else { return .empty }
        return Octets(
            """
            SIP/2.0 200 OK\r
            Via: SIP/2.0/UDP 203.0.113.10:5062;branch=\(branch);rport=5062\r
            From: <sip:+1\(parties.caller)@203.0.113.10>;tag=\(fromTag)\r
            To: <sip:+1\(parties.called)@203.0.113.1>;tag=\(toTag)\r
            Call-ID: \(sipCallID)\r
            CSeq: 1 INVITE\r
            Contact: <sip:203.0.113.1:5060>\r
            Content-Type: application/sdp\r
            Content-Length: 240\r
            \r
            \(parties.session("203.0.113.77", port: mediaPort))
            """)
    }
}
