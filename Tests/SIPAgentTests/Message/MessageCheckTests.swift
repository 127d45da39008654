import Testing

@testable import SIPAgent

/// Messages of our own for every kind of trouble that RFC 4475 has a message for, and some it has
/// not.
struct MessageCheckTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var datagram: [UInt8]
        var expected: Treatment
        var testDescription: String { name }
    }

    /// `plainInvite` with one text replaced.
    private static func invite(
        _ name: String, _ old: String, _ new: String, _ expected: Treatment
    ) -> Case {
        precondition(plainInvite.contains(old), "\(name) changes nothing")
        return Case(
            name: name, datagram: wire(plainInvite.replacing(old, with: new)), expected: expected)
    }

    private static func options(_ name: String, _ extra: String, _ expected: Treatment) -> Case {
        let text = """
            OPTIONS sip:192.0.2.1 SIP/2.0
            Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKo1
            From: <sip:a@192.0.2.9>;tag=1
            To: <sip:192.0.2.1>
            Call-ID: o1
            CSeq: 1 OPTIONS
            \(extra)


            """
        return Case(name: name, datagram: wire(text), expected: expected)
    }

    static let wellFormed: [Case] = [
        Case(name: "plain call", datagram: wire(plainInvite), expected: .accept),
        invite("folded headers", "CSeq: 314159 INVITE", "cSEQ  :\n 0314159\n\tINVITE", .accept),
        invite("folded parameters", ";tag=1928301774", "\n ;\n tag\n = 1928301774", .accept),
        invite(
            "compact forms", "Via: SIP/2.0/UDP 192.0.2.9:5061",
            "v: SIP / 2.0 / UDP 192.0.2.9 : 5061", .accept),
        invite("empty header value", "Supported: timer,100rel", "Subject:", .accept),
        invite("unknown header of separators", "X-Campaign: 42; a=1, b=2", "X-Odd: ;;,,;", .accept),
        invite("no space before angle", "From: \"Alice \\\"A\\\"\" <", "From: Alice<", .accept),
        invite("quoted separators", "\"Alice \\\"A\\\"\"", "\"a,b;c<d>\\\\\"", .accept),
        invite("escapes in user", "INVITE sip:+1", "INVITE sip:%2B1", .accept),
        invite("escaped null in user", "<sip:alice@", "<sip:null-%00-null@", .accept),
        invite("semicolon in user", "INVITE sip:+1", "INVITE sip:u;par=x%40y;+1", .accept),
        invite("bytes after the body", "v=0\n", "v=0\nINVITE sip:evil@x SIP/2.0\n\n", .accept),
        invite("no Content-Length", "Content-Length: 5\n", "", .accept),
        invite(
            "RFC 2543: no branch, no tag", ";branch=z9hG4bK776asdhds;rport", "", .accept),
        invite("old-style branch", "z9hG4bK776asdhds", "776asdhds", .accept),
        invite(
            "date in a wrong zone", "X-Campaign: 42", "Date: Fri, 01 Jan 2010 16:00:00 EST", .accept
        ),
        invite("UTF-8 display", "\"Alice \\\"A\\\"\"", "\"Ålice 東京\"", .accept),
        invite(
            "repeated equal Content-Length", "Content-Length: 5", "l: 5\nContent-Length: 5", .accept
        ),
        invite("IPv6 sent-by", "192.0.2.9:5061;branch", "[2001:db8::9]:5061;branch", .accept),
        invite(
            "tel target", "sip:+12125550100@192.0.2.1:5060;user=phone", "tel:+12125550100",
            .accept),
        invite(
            "wildcard Accept", "Supported:", "Accept: text/html, */*;q=0.1\nSupported:", .accept),
        options("no hops left, but for us", "Max-Forwards: 0", .accept),
        options("unknown auth scheme", "Authorization: NoOneKnows opaque=1", .accept),
        options(
            "unusual transports", "Via: SIP/2.0/SCTP t2\nVia: SIP/2.0/UNKNOWN t3;branch=1",
            .accept),
        Case(
            name: "empty lines first", datagram: [13, 10, 13, 10] + wire(plainInvite),
            expected: .accept),
    ]

    static let refused: [Case] = [
        Case(
            name: "unknown method",
            datagram: wire(plainInvite.replacing("INVITE", with: "FROB%49")),
            expected: .answer(501)),
        Case(
            name: "method we do not serve",
            datagram: wire(plainInvite.replacing("INVITE", with: "REGISTER")),
            expected: .answer(405)),
        invite("unknown scheme", "INVITE sip:", "INVITE nobody:", .answer(416)),
        invite("unknown body", "application/sdp", "application/unknown", .answer(415)),
        invite(
            "body may be ignored", "application/sdp",
            "application/x\nContent-Disposition: session;handling=optional", .accept),
        invite("takes no SDP", "Supported:", "Accept: text/odd\nSupported:", .answer(406)),
        invite("no hops left for a call", "Max-Forwards: 70", "Max-Forwards: 0", .answer(483)),
        invite(
            "unknown extension", "Supported:", "Require: nothingKnown\nSupported:", .answer(420)),
        options("unknown proxy extension", "Proxy-Require: hop-magic", .answer(420)),
        invite("version", "5060;user=phone SIP/2.0", "5060;user=phone SIP/7.0", .answer(505)),
    ]

    static let malformed: [Case] = [
        invite("empty parameters in Via", ";branch=z9hG4bK776asdhds;rport", ";;,;,,", .answer(400)),
        invite("empty parameters in Contact", ";expires=60", ";;;;", .answer(400)),
        invite(
            "Content-Length too large", "Content-Length: 5", "Content-Length: 9999", .answer(400)),
        invite(
            "Content-Length negative", "Content-Length: 5", "Content-Length: -999", .answer(400)),
        invite(
            "Content-Length huge", "Content-Length: 5",
            "Content-Length: 99999999999999999999999", .answer(400)),
        invite("Content-Lengths disagree", "Content-Length: 5", "l: 5\nl: 4", .answer(400)),
        invite("CSeq beyond 32 bits", "CSeq: 314159", "CSeq: 36893488147419103232", .answer(400)),
        invite("CSeq of another method", "314159 INVITE", "314159 OPTIONS", .answer(400)),
        invite("unclosed quote", "\"Alice \\\"A\\\"\"", "\"Alice", .answer(400)),
        invite(
            "angles around target", "sip:+12125550100@192.0.2.1:5060;user=phone",
            "<sip:+12125550100@192.0.2.1>", .answer(400)),
        invite("space in target", ";user=phone SIP", "; user=phone SIP", .answer(400)),
        invite("two spaces in start line", "INVITE sip:", "INVITE  sip:", .answer(400)),
        invite("space after version", "phone SIP/2.0", "phone SIP/2.0 ", .answer(400)),
        invite("headers in target", ";user=phone", "?Route=%3Csip:x%3E", .answer(400)),
        invite(
            "Contact with bare headers", "<sip:alice@192.0.2.9:5061;transport=udp>;expires=60",
            "sip:alice@192.0.2.9?Route=x", .answer(400)),
        invite("spaces in address", "To: <sip:", "To: < sip:", .answer(400)),
        invite("comma in bare name", "\"Alice \\\"A\\\"\"", "Bell, Alice", .answer(400)),
        invite("branch is the cookie alone", "z9hG4bK776asdhds", "z9hG4bK", .answer(400)),
        invite(
            "no Call-ID", "Call-ID: a84b4c76e66710@pc33.atlanta.example.com\n", "", .answer(400)),
        invite("no From", "From:", "X-From:", .answer(400)),
        invite("two Call-IDs", "Supported:", "i: two\nSupported:", .answer(400)),
        invite("two CSeqs", "Supported:", "CSeq: 314159 INVITE\nSupported:", .answer(400)),
        invite("two Max-Forwards", "Supported:", "Max-Forwards: 1\nSupported:", .answer(400)),
        invite("header without colon", "Supported: timer,100rel", "Supported timer", .answer(400)),
        invite("name with a space", "X-Campaign:", "X Campaign:", .answer(400)),
        invite("empty method of CSeq", "CSeq: 314159 INVITE", "CSeq: 314159", .answer(400)),
        invite(
            "version also in Via", ";user=phone SIP/2.0\nVia: SIP/2.0",
            ";user=phone SIP/7.0\nVia: SIP/7.0", .answer(505)),
        invite("broken Via port", "192.0.2.9:5061;branch", "192.0.2.9:99999;branch", .drop),
        Case(
            name: "broken ACK",
            datagram: wire(
                plainInvite
                    .replacing("INVITE", with: "ACK").replacing(
                        "Content-Length: 5", with: "l: 9999")),
            expected: .drop),
        Case(
            name: "bare line feeds", datagram: Array(plainInvite.utf8), expected: .answer(400)),
        Case(
            name: "bare CR in a header",
            datagram: wire(
                plainInvite.replacing("X-Campaign: 42", with: "X-Campaign: 4\rX-Evil: 2")),
            expected: .answer(400)),
        Case(
            name: "unescaped null",
            datagram: wire(plainInvite.replacing("X-Campaign: 42", with: "X-Campaign: \0")),
            expected: .answer(400)),
        Case(
            name: "no end of headers",
            datagram: Array(wire(plainInvite).prefix { $0 != UInt8(ascii: "X") }),
            expected: .answer(400)),
        Case(
            name: "too many headers",
            datagram: wire(
                plainInvite.replacing(
                    "Supported: timer,100rel",
                    with: String(repeating: "X: 1\n", count: 300) + "Y: 2")),
            expected: .answer(400)),
        Case(
            name: "first header line folded",
            datagram: wire(plainInvite.replacing("Via:", with: " Via:")), expected: .drop),
    ]

    private static func answer(_ name: String, _ status: String, _ expected: Treatment) -> Case {
        let text = """
            SIP/2.0 \(status)
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKr1
            From: <sip:a@192.0.2.9>;tag=1
            To: <sip:192.0.2.1>;tag=2
            Call-ID: r1
            CSeq: 1 INVITE
            Content-Length: 0


            """
        return Case(name: name, datagram: wire(text), expected: expected)
    }

    static let responses: [Case] = [
        answer("plain", "200 OK", .accept),
        answer("UTF-8 phrase", "200 В порядке", .accept),
        answer("empty phrase", "100 ", .accept),
        answer("no phrase", "100", .accept),
        answer("code beyond 32 bits", "4294967301 better not break", .drop),
        answer("code of two digits", "99 Odd", .drop),
        answer("code 700", "700 Odd", .drop),
        answer("two Vias", "200 OK\nVia: SIP/2.0/UDP 255.255.255.255;branch=z9hG4bKx", .drop),
        answer("two Vias in one", "200 OK\nv: SIP/2.0/UDP x, SIP/2.0/UDP y", .drop),
        answer("CSeq twice", "503 Busy\nCSeq: 9292394834772304023312 OPTIONS", .drop),
        answer("Content-Length beyond the end", "200 OK\nl: 99", .drop),
        Case(name: "keep-alive", datagram: [13, 10, 13, 10], expected: .drop),
        Case(name: "nothing", datagram: [], expected: .drop),
        Case(name: "HTTP", datagram: wire("GET / HTTP/1.1\nHost: x\n\n"), expected: .drop),
        Case(name: "noise", datagram: [0, 0, 0, 0], expected: .drop),
        Case(
            name: "too long",
            datagram: wire(plainInvite) + [UInt8](repeating: 32, count: 65_535), expected: .drop),
    ]

    @Test(arguments: wellFormed + refused + malformed + responses)
    func isTreatedAsExpected(_ message: Case) {
        #expect(Treatment(of: message.datagram) == message.expected)
    }

    @Test(arguments: wellFormed + refused + malformed + responses)
    func neverCrashesWhenRead(_ message: Case) {
        exercise(message.datagram)
    }

    /// A refused request's answer carries what its sender needs to know it for its own.
    @Test func refusalOfAMalformedRequestNamesTheFault() throws {
        let datagram = wire(plainInvite.replacing("CSeq: 314159", with: "CSeq: 99999999999"))
        guard case .malformedRequest(let request) = ParseOutcome(parsing: datagram) else {
            Issue.record("taken or dropped")
            return
        }
        let answer = text(MessageWriter(refusing: request, toTag: bytes("x1")).finish())
        #expect(answer.hasPrefix("SIP/2.0 400 Malformed CSeq\r\n"))
        #expect(answer.contains("CSeq: 99999999999 INVITE\r\n"))
        #expect(answer.contains("To: <sip:+12125550100@192.0.2.1>;tag=x1\r\n"))
        #expect(answer.hasSuffix("Content-Length: 0\r\n\r\n"))
    }

    @Test func refusalSaysWhatIsUnsupported() throws {
        let request = try message(
            plainInvite.replacing("Supported:", with: "Require: timer, odd, x\nSupported:"))
        var served = ServedSet.calls
        served.extensions = ["timer"]
        guard case .reject(let rejection) = RequestCheck.verdict(request, served: served) else {
            Issue.record("accepted")
            return
        }
        let answer = try SIPMessage(
            parsing: MessageWriter.refusal(
                of: request, rejection, served: served, toTag: bytes("t")))
        #expect(answer.status == 420)
        #expect(answer.values(of: .unsupported).map { text($0) } == ["odd", "x"])
    }
}
