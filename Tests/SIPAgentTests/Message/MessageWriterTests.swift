import Testing
import TrunkEvents

@testable import SIPAgent

struct MessageWriterTests {
    private let source = Endpoint(address: IPAddress(v4: 0xc000_0209), port: 40_000)

    private func head(_ method: Method) -> RequestHead {
        RequestHead(
            method: method, uri: bytes("sip:bob@192.0.2.4"),
            via: ViaHead(sentBy: bytes("192.0.2.1:5062"), branch: bytes("z9hG4bKq")),
            from: bytes("<sip:a@192.0.2.1>;tag=f"), to: bytes("<sip:bob@192.0.2.4>"),
            callID: bytes("c1"), cseq: 7, routes: [bytes("<sip:p1;lr>"), bytes("<sip:p2;lr>")])
    }

    @Test func requestReadsBackAsWritten() throws {
        var writer = MessageWriter(request: head(.invite))
        writer.header(.contact, bytes("<sip:192.0.2.1:5062>"))
        writer.reason(q850: 16, text: "Normal call clearing")
        let sent = try SIPMessage(
            parsing: writer.finish(body: bytes("v=0\r\n"), contentType: bytes("application/sdp")))
        #expect(sent.method == .invite)
        #expect(text(sent.topVia.text) == "SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bKq;rport")
        #expect(sent.routes.map { text($0.text) } == ["<sip:p1;lr>", "<sip:p2;lr>"])
        #expect(sent.maxForwards == 70)
        #expect(sent.cseq.number == 7)
        #expect(sent.q850Cause == 16)
        #expect(text(sent.body) == "v=0\r\n")
        #expect(text(sent.first(.contentLength)) == "5")
    }

    @Test func responseCopiesWhatTheRFCAsks() throws {
        let request = try message(
            plainInvite.replacing(
                "Max-Forwards: 70", with: "Via: SIP/2.0/UDP a;branch=1, SIP/2.0/UDP b;branch=2"))
        let answer = try SIPMessage(
            parsing: MessageWriter(
                responseTo: request, status: 180, toTag: bytes("t1"), source: source,
                recordRoute: true
            ).finish())
        #expect(text(answer.reasonPhrase) == "Ringing")
        #expect(
            answer.values(of: .via).map { text($0) } == [
                "SIP/2.0/UDP 192.0.2.9:5061;branch=z9hG4bK776asdhds;rport=40000;received=192.0.2.9",
                "SIP/2.0/UDP a;branch=1", "SIP/2.0/UDP b;branch=2",
            ])
        #expect(text(answer.first(.from)) == text(request.first(.from)))
        #expect(text(answer.to.tag) == "t1")
        #expect(answer.callID == request.callID)
        #expect(answer.cseq.number == request.cseq.number)
        #expect(answer.recordRoutes.count == 3)
        #expect(answer.contentType == nil)
    }

    @Test func aToWithATagKeepsIt() throws {
        let request = try message(
            plainInvite.replacing("To: <sip:+12125550100@192.0.2.1>", with: "To: sip:x@y;tag=own"))
        let answer = try SIPMessage(
            parsing: MessageWriter(
                responseTo: request, status: 200, toTag: bytes("other")
            ).finish())
        #expect(text(answer.first(.to)) == "sip:x@y;tag=own")
    }

    @Test func receivedIsAddedOnlyWhereItHelps() throws {
        func topVia(_ via: String) throws -> String? {
            let request = try message(
                plainInvite.replacing(
                    "SIP/2.0/UDP 192.0.2.9:5061;branch=z9hG4bK776asdhds;rport", with: via))
            let answer = MessageWriter(responseTo: request, status: 100, source: source).finish()
            return text(try SIPMessage(parsing: answer).topVia.text)
        }
        #expect(
            try topVia("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1")
                == "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1")
        #expect(
            try topVia("SIP/2.0/UDP pc;branch=z9hG4bK1")
                == "SIP/2.0/UDP pc;branch=z9hG4bK1;received=192.0.2.9")
        // What a sender claims about itself is replaced by what was seen.
        #expect(
            try topVia("SIP/2.0/UDP 10.0.0.1;received=9.9.9.9;rport=1;branch=z9hG4bK1")
                == "SIP/2.0/UDP 10.0.0.1;rport=40000;branch=z9hG4bK1;received=192.0.2.9")
    }

    @Test func answersGoWhereTheyCameFrom() throws {
        let symmetric = try message(plainInvite)
        #expect(symmetric.responseDestination(source: source) == source)
        let plain = try message(plainInvite.replacing(";rport", with: ";maddr=9.9.9.9"))
        #expect(
            plain.responseDestination(source: source)
                == Endpoint(address: source.address, port: 5_061))
    }

    @Test func ackAndCancelFollowTheInvite() throws {
        let invite = try SIPMessage(parsing: MessageWriter(request: head(.invite)).finish())
        let busy = try SIPMessage(
            parsing: MessageWriter(
                responseTo: invite, status: 486, toTag: bytes("far")
            ).finish())
        let ack = try SIPMessage(parsing: MessageWriter.ack(for: invite, response: busy))
        #expect(ack.method == .ack)
        #expect(ack.requestURI == invite.requestURI)
        #expect(text(ack.topVia.text) == text(invite.topVia.text))
        #expect(text(ack.to.tag) == "far")
        #expect(ack.cseq.number == 7)
        #expect(ack.cseq.method == .ack)
        #expect(ack.routes.count == 2)
        let cancel = try SIPMessage(parsing: MessageWriter.cancel(for: invite).finish())
        #expect(cancel.method == .cancel)
        #expect(text(cancel.topVia.branch) == "z9hG4bKq")
        #expect(cancel.to.tag == nil)
        #expect(cancel.cseq.number == 7)
        #expect(cancel.routes.count == 2)
    }

    /// What a back-to-back agent does: everything but its own headers crosses, byte for byte, in
    /// order.
    @Test func headersCrossUntouched() throws {
        let odd = "X-Odd:  ;;,,\n  folded  ;x\nIdentity: abc;info=<x>\ny: compact\nX-Odd: again"
        let invite = try message(
            plainInvite.replacing("X-Campaign: 42; a=1, b=2", with: odd))
        var writer = MessageWriter(request: head(.invite))
        writer.copyHeaders(of: invite, except: .neverCrossing)
        let sent = try SIPMessage(parsing: writer.finish(body: invite.body))
        let names = sent.index.fields.suffix(6).map { text(sent.index.name($0)) }
        #expect(names == ["X-Odd", "Identity", "y", "X-Odd", "Content-Type", "Content-Length"])
        #expect(text(sent.first(named: bytes("x-odd"))) == ";;,,\r\n  folded  ;x")
        #expect(text(sent.callID) == "c1")
        #expect(sent.recordRoutes.isEmpty)
        #expect(sent.index.count(.via) == 1)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("255.255.255.255", true), ("256.0.0.1", false), ("1.2.3", false),
        ("1.2.3.4.5", false), ("1..2.3", false), ("[2001:db8::1]", true), ("::1", true),
        ("host", false), ("", false), ("1.2.3.0004", false),
    ])
    func hostsAreAddressesOrNames(_ host: String, _ isAddress: Bool) {
        #expect((IPAddress(host: bytes(host)) != nil) == isAddress)
    }

    @Test func addressesReadBack() throws {
        for source in ["192.0.2.255", "0.0.0.0", "2001:db8::5"] {
            let address = try #require(IPAddress(host: bytes(source)))
            var writer = MessageWriter()
            writer.append(address)
            #expect(text(writer.bytes) == source)
        }
    }
}
