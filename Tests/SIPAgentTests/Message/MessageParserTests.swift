import TestSupport
import Testing

@testable import SIPAgent

struct MessageParserTests {
    @Test func findsStartLineHeadersAndBody() throws {
        let invite = try message(plainInvite)
        #expect(invite.method == .invite)
        #expect(text(invite.requestURI) == "sip:+12125550100@192.0.2.1:5060;user=phone")
        #expect(text(invite.callID) == "a84b4c76e66710@pc33.atlanta.example.com")
        #expect(text(invite.from.display) == "Alice \"A\"")
        #expect(text(invite.body) == "v=0\r\n")
        #expect(text(invite.contentType) == "application/sdp")
        #expect(invite.lists("100REL", in: .supported))
        #expect(!invite.lists("path", in: .supported))
        #expect(invite.index.fields.count == 14)
    }

    @Test func listsRunOverLinesAndCommas() throws {
        let invite = try message(plainInvite)
        #expect(
            invite.recordRoutes.map { text($0.uri?.host) } == [
                "p1.example.com", "p2.example.com", "p3.example.com",
            ])
        #expect(invite.values(of: .allow).map { Method($0) } == [.invite, .ack, .cancel, .bye])
    }

    @Test func compactAndLongNamesAreOne() {
        let pairs: [(String, HeaderID)] = [
            ("i", .callID), ("CALL-ID", .callID), ("m", .contact), ("L", .contentLength),
            ("c", .contentType), ("f", .from), ("t", .to), ("v", .via), ("k", .supported),
            ("x", .sessionExpires), ("z", .other), ("Vi", .other), ("X-Via", .other),
        ]
        for (name, id) in pairs { #expect(HeaderID(name: bytes(name)) == id, "\(name)") }
        for id in HeaderID.allCases where id != .other {
            #expect(HeaderID(name: Bytes(id.name)) == id)
            #expect(HeaderID(name: bytes(text(Bytes(id.name)).map { $0.uppercased() } ?? "")) == id)
        }
    }

    @Test func foldedValueKeepsItsLines() throws {
        let invite = try message(
            plainInvite.replacing("X-Campaign: 42; a=1, b=2", with: "Subject: one\n  two\n\tthree"))
        #expect(text(invite.first(.subject)) == "one\r\n  two\r\n\tthree")
    }

    @Test func responseHasStatusAndPhrase() throws {
        let answer = try message(
            """
            SIP/2.0 503 Service Unavailable
            Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKr1
            From: <sip:a@192.0.2.9>;tag=1
            To: <sip:192.0.2.1>;tag=2
            Call-ID: r1
            CSeq: 1 INVITE
            Retry-After: 120 (I'm in a meeting);duration=3600
            Reason: SIP;cause=503, Q.850;cause=34;text="No circuit, channel; available"


            """)
        #expect(answer.status == 503)
        #expect(text(answer.reasonPhrase) == "Service Unavailable")
        #expect(answer.retryAfter?.seconds == 120)
        #expect(answer.retryAfter?.duration == 3_600)
        #expect(answer.q850Cause == 34)
        #expect(
            text(answer.reasons.first { $0.registry == .q850 }?.phrase)
                == "No circuit, channel; available")
    }

    @Test func everyTruncationHasAnOutcome() {
        let whole = wire(plainInvite)
        for count in 0..<whole.count {
            let datagram = Array(whole.prefix(count))
            exercise(datagram)
            // Only with the whole body is it a message: Content-Length counts the missing bytes.
            if case .message = ParseOutcome(parsing: datagram) { Issue.record("taken at \(count)") }
        }
    }

    @Test func randomBytesNeverCrash() {
        var random = Seed(for: "randomBytesNeverCrash").generator()
        for _ in 0..<400 {
            exercise(random.bytes(Int.random(in: 0...300, using: &random)))
        }
    }

    /// Text made of the pieces that parsers trip over, behind a start line that lets it in.
    @Test func randomPiecesNeverCrash() {
        let pieces = [
            "\r\n", "\r", "\n", " ", "\t", ":", ";", ",", "<", ">", "\"", "\\", "=", "%", "%41",
            "@",
            "sip:", "Via: SIP/2.0/UDP a;branch=z9hG4bK1", "From: ", "To: ", "Call-ID: x",
            "CSeq: 1 INVITE",
            "Contact: *", "tag=", "[::1]", "l: 0", "l: 9", "?", "/", "SIP/2.0", "Digest ", "nonce=",
            "\0",
        ]
        var random = Seed(for: "randomPiecesNeverCrash").generator()
        for _ in 0..<1_000 {
            var source =
                Bool.random(using: &random)
                ? "INVITE sip:a@b SIP/2.0\r\n" : "SIP/2.0 401 No\r\n"
            if Bool.random(using: &random) {
                source +=
                    "v: SIP/2.0/UDP a\r\nf: <sip:a>\r\nt: <sip:b>\r\ni: 1\r\nCSeq: 1 INVITE\r\n"
            }
            for _ in 0..<Int.random(in: 0...60, using: &random) {
                source += pieces.randomElement(using: &random) ?? ""
            }
            exercise(Array((source + "\r\n\r\n").utf8))
        }
    }
}
