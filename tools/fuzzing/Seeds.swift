import TrunkEvents

@testable import Ledger
@testable import SIPAgent

/// Where the fuzzer begins: sound inputs of each target, which it then spoils.
enum Seeds {
    static func all(of target: FuzzTarget) -> [[UInt8]] {
        switch target {
        case .message: messages
        case .uri: uris
        case .header: headers
        case .sdp: descriptions
        case .stream: streams
        case .event: events
        case .frame: [frame]
        case .segment: [(try? segment()) ?? []]
        case .agent: scripts
        case .dns: nameServerAnswers
        case .location: [
            [0, 0, 2, 60, 0, 0, 0, 0, 0, 0, 3, 60, 0, 1, 9, 90, 0, 1, 60, 0, 4, 5],
            [2, 200, 3, 60, 0, 1, 2, 3],
        ]
        case .canary: [Array("a line".utf8)]
        }
    }

    private static let sdp = """
        v=0
        o=- 1 1 IN IP4 192.0.2.9
        s=-
        c=IN IP4 192.0.2.9
        t=0 0
        m=audio 4000 RTP/AVP 0 8 101
        a=rtpmap:101 telephone-event/8000

        """

    private static let lines = """
        Via: SIP/2.0/UDP 192.0.2.9:5061;branch=z9hG4bK776;rport
        From: <sip:+13105550100@192.0.2.9>;tag=1
        To: <sip:+12125550100@192.0.2.1>
        Call-ID: 1@192.0.2.9

        """

    private static let messages: [[UInt8]] = [
        wire(plainInvite),
        wire("OPTIONS sip:192.0.2.1 SIP/2.0\n\(lines)CSeq: 2 OPTIONS\nl: 0\n\n"),
        wire(
            "SIP/2.0 200 OK\n\(lines)CSeq: 1 INVITE\nm: <sip:a@192.0.2.1>\nc: application/sdp\n\n"
                + sdp),
        wire(
            """
            SIP/2.0 401 Unauthorized
            \(lines)CSeq: 3 REGISTER
            WWW-Authenticate: Digest realm="a", nonce="b", qop="auth,auth-int", algorithm=SHA-256
            Retry-After: 5 (soon);duration=3
            Content-Length: 0


            """),
        wire(
            """
            BYE sip:a@192.0.2.1;lr SIP/2.0
            \(lines)CSeq: 4 BYE
            Route: <sip:p1.example.com;lr>, <sip:p2.example.com:5070;lr>
            Reason: Q.850;cause=16;text="Normal, \\"call\\" clearing"
            Session-Expires: 1800;refresher=uac
            Authorization: Digest username="u", realm="r", nonce="n", uri="sip:x", response="0", \
            qop=auth, nc=00000001, cnonce="c"
            Subject: folded
             over lines
            Content-Length: 0


            """),
    ]

    private static let uris: [[UInt8]] = [
        "sip:+12125550100@192.0.2.1:5060;user=phone?Subject=x&Priority=urgent",
        "sips:a%40b:secret@[2001:db8::1]:5061;transport=tls;lr;maddr=239.1.1.1",
        "tel:+1-212-555-0100;phone-context=example.com", "sip:example.com",
    ].map { Array($0.utf8) }

    /// Each with the number of its reader before it.
    private static let headers: [[UInt8]] = [
        (0, "\"A \\\"B\\\"\" <sip:a@b;lr>;tag=1;q=0.5"), (0, "sip:a@b;tag=2"),
        (1, "SIP/2.0/UDP h.example.com:5060;branch=z9hG4bK1;received=192.0.2.1;rport=5062"),
        (2, ";a=1;b=\"2;3\";c"), (3, "314 INVITE"), (3, "7 1 INVITE"), (3, "1800;refresher=uas"),
        (3, "Q.850;cause=34;text=\"x\""), (3, "application/sdp;x=y"),
        (4, "Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5, stale=true"),
        (5, "[2001:db8::1]:5060"), (5, "192.0.2.1"), (6, "a\"b\\c"), (7, "<a,b>, \"c,d\", e"),
    ].map { reader, text in [reader] + Array(text.utf8) }

    private static let descriptions: [[UInt8]] = [
        wire(sdp), wire(sdp.replacing("AVP 0", with: "AVP 96") + "a=rtpmap:96 opus/48000/2\n"),
        messages[2],
    ]

    private static let streams: [[UInt8]] = [
        [3, 1] + messages[0] + messages[1] + StreamFramer.ping + messages[3],
        [40, 2] + messages[4] + StreamFramer.ping + messages[4],
        [200, 3] + messages[2],
    ]

    private static let events: [[UInt8]] = oneOfEach.map { event in
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        let kind = event.kind.rawValue
        return [UInt8(kind & 0xFF), UInt8(kind >> 8), event.version] + bytes
    }

    private static var frame: [UInt8] {
        var batch = EventBatch()
        for (index, event) in oneOfEach.prefix(6).enumerated() {
            var bytes: [UInt8] = []
            event.encode(into: &bytes)
            let header = EventHeader(
                kind: EventKind(rawValue: event.kind.rawValue), schemaVersion: event.version,
                stream: StreamID(rawValue: UInt64(index % 3)), wallTime: 1_000 + Int64(index),
                monotonicTime: UInt64(index))
            batch.append(header, payload: bytes)
        }
        return FrameRepair.frame(
            of: batch,
            at: FrameEncoder.Place(
                first: .first, previousLink: .origin(of: LedgerID(high: 1, low: 2)),
                bootID: BootID(high: 3, low: 4), producerSequence: 5))
    }

    private static func segment() throws(Corruption) -> [UInt8] {
        let ledger = LedgerID(high: 1, low: 2)
        let bytes = frame
        var builder = SegmentBuilder(first: .first, previousLink: .origin(of: ledger))
        try builder.add(FrameView(bytes.span.bytes))
        return SegmentFile.encode(builder.finish(), of: ledger, evidence: [])
    }

    /// An SRV record and a NAPTR record, each with the kind that was asked for before the message.
    private static let nameServerAnswers: [[UInt8]] = [
        (UInt8(33), [0, 10, 0, 5, 0x13, 0xCE, 2, 0x67, 0x77, 0xC0, 12] as [UInt8]),
        (35, [0, 1, 0, 2, 1, 0x73, 7] + Array("SIP+D2U".utf8) + [0, 0xC0, 12]),
    ].map { type, data in
        let question: [UInt8] = [1, 0x61, 7] + Array("example".utf8) + [0, 0, type, 0, 1]
        let record: [UInt8] = [0xC0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, UInt8(data.count)] + data
        let header: [UInt8] = [0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]
        return [type == 33 ? 0 : 1] + header + question + record
    }

    /// Sender and pause, then a message; see `AgentProperties`.
    private static let scripts: [[UInt8]] = [
        [1, 4] + messages[0] + [1, 5] + messages[2] + [1, 4] + messages[4],
        [1, 6] + messages[0] + [1, 8] + messages[1] + [1, 5] + messages[3],
    ]
}
