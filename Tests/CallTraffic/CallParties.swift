import TestSupport
import TrunkEvents

/// The dialer's leg of a call: numbers, references, and what its SIP messages carry.
struct CallParties: Sendable {
    private static let areaCodes: [String] = [
        "201", "212", "213", "214", "303", "305", "312", "313", "404", "407", "415", "469", "512",
        "561", "602", "617", "646", "702", "713", "714", "718", "786", "813", "818", "832", "917",
    ]
    private static let digits = Array("0123456789".utf8)
    /// The dialer and our listener.
    static let dialer = Endpoint(address: IPAddress(v4: 0x0A00_0018), port: 5060)
    static let listener = Endpoint(address: IPAddress(v4: 0x0A00_0005), port: 5062)

    /// One of the campaign's 200 numbers.
    let caller: String
    let called: String
    /// As VICIdial forms it: M, ten digits of the time, ten of the lead.
    let reference: String
    let sipCallID: String
    let fromTag: String
    let branch: String
    let ourTag: Octets

    init(_ random: inout SeededGenerator) {
        let line = 100 + random.below(200)
        caller = "2125550\(line)"
        let area = Self.areaCodes[Int(random.below(UInt64(Self.areaCodes.count)))]
        called = area + Self.text(random.digits(7, of: Self.digits))
        let lead = Self.text(random.digits(7, of: Self.digits))
        reference = "M1122140" + Self.text(random.digits(3, of: Self.digits)) + "00" + lead
        sipCallID = Self.text(random.hexadecimal(32)) + "@10.0.0.24:5060"
        fromTag = "as" + Self.text(random.hexadecimal(8))
        branch = "z9hG4bK" + Self.text(random.hexadecimal(8))
        ourTag = Octets(random.hexadecimal(16))
    }

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    func started(_ id: CallID, _ trunks: TrunkBank, datagrams: Bool) -> Event {
        guard let dialer = ShortName("vicidial") else { preconditionFailure("a short name") }
        return .callStarted(
            CallStarted(
                call: id, direction: .outbound, caller: dialer, source: Self.dialer,
                listener: Self.listener, aRaw: Octets(caller), aE164: Octets("+1" + caller),
                bRaw: Octets("1" + called), bE164: Octets("+1" + called), did: .empty,
                account: "7", dialerReference: Octets(reference), sipCallID: Octets(sipCallID),
                invite: datagrams ? Octets(invite) : .empty))
    }

    private var invite: String {
        """
        INVITE sip:1\(called)@10.0.0.5:5062 SIP/2.0\r
        Via: SIP/2.0/UDP 10.0.0.24:5060;branch=\(branch);rport\r
        Max-Forwards: 70\r
        From: "\(reference)" <sip:\(caller)@10.0.0.24>;tag=\(fromTag)\r
        To: <sip:1\(called)@10.0.0.5:5062>\r
        Contact: <sip:\(caller)@10.0.0.24:5060>\r
        Call-ID: \(sipCallID)\r
        CSeq: 102 INVITE\r
        User-Agent: Asterisk PBX 16.30.0-vici\r
        Allow: INVITE, ACK, CANCEL, OPTIONS, BYE, REFER, SUBSCRIBE, NOTIFY, INFO, PUBLISH\r
        Supported: replaces, timer\r
        Content-Type: application/sdp\r
        Content-Length: 240\r
        \r
        \(session("10.0.0.24", port: 10_000))
        """
    }

    /// The 200 that the dialer gets.
    func answer(_ leg: CalledLeg, datagrams: Bool) -> Octets {
        guard datagrams else { return .empty }
        return Octets(
            """
            SIP/2.0 200 OK\r
            Via: SIP/2.0/UDP 10.0.0.24:5060;branch=\(branch);received=10.0.0.24;rport=5060\r
            From: "\(reference)" <sip:\(caller)@10.0.0.24>;tag=\(fromTag)\r
            To: <sip:1\(called)@10.0.0.5:5062>;tag=\(ourTag)\r
            Call-ID: \(sipCallID)\r
            CSeq: 102 INVITE\r
            Contact: <sip:10.0.0.5:5062>\r
            Content-Type: application/sdp\r
            Content-Length: 240\r
            \r
            \(session("203.0.113.77", port: leg.mediaPort))
            """)
    }

    func session(_ host: String, port: Int) -> String {
        """
        v=0\r
        o=root 1795356000 1795356000 IN IP4 \(host)\r
        s=Asterisk PBX\r
        c=IN IP4 \(host)\r
        t=0 0\r
        m=audio \(port) RTP/AVP 0 101\r
        a=rtpmap:0 PCMU/8000\r
        a=rtpmap:101 telephone-event/8000\r
        a=fmtp:101 0-16\r
        a=ptime:20\r
        a=sendrecv\r

        """
    }
}
