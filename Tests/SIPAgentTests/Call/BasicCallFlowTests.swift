import Testing
import TrunkEvents

@testable import SIPAgent

/// The flows of RFC 3665 section 3 with a dialer for Alice and a carrier for the rest, each named
/// for its section. Asserted is what either side gets, in order.
///
/// Not met here: section 3.5, whose gateway is for us a proxy like that of 3.2.
@Suite struct BasicCallFlowTests {
    private static func bed(followsRedirections: Bool = false) -> AgentBed {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        trunk.followsRedirections = followsRedirections
        return AgentBed(AgentBed.configuration(trunks: [trunk]))
    }

    @Test("3.1 Successful session establishment") func success() throws {
        let bed = Self.bed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        try bed.ring(invite)
        try bed.hangUpByCarrier(try bed.answer(invite))
        #expect(bed.ladder(AgentBed.dialer) == ["100 INVITE", "180 INVITE", "200 INVITE", "BYE"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK", "200 BYE"])
        bed.expectQuiet()
    }

    @Test("3.2 Session establishment through two proxies") func twoProxies() throws {
        let bed = Self.bed()
        bed.receive(
            Cast.dialer.invite(
                "call-1",
                headers: [
                    "Via: SIP/2.0/UDP 10.0.0.9:5060;branch=z9hG4bK-inner",
                    "Record-Route: <sip:127.0.0.2:5060;lr>",
                ]), from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        try bed.ring(invite)
        let routes = ["<sip:127.0.0.3:5070;lr>", "<sip:p2.example;lr>"]
        let call = try bed.answer(
            invite, headers: ["Record-Route: \(routes[1]), \(routes[0])"])
        #expect(Octets(call.answer.bytes).description.contains("branch=z9hG4bK-inner"))
        try bed.hangUpByCarrier(call)
        let requests = bed.sent.compactMap { SIPMessage(own: $0.bytes) }
        let ack = try #require(requests.first { $0.method == .ack })
        #expect(ack.routes.map { Octets(Array($0.text)).description } == routes)
        let bye = try #require(requests.first { $0.method == .bye })
        #expect(
            bye.routes.map { Octets(Array($0.text)).description } == ["<sip:127.0.0.2:5060;lr>"])
        #expect(bed.ladder(AgentBed.dialer) == ["100 INVITE", "180 INVITE", "200 INVITE", "BYE"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK", "200 BYE"])
        bed.expectQuiet()
    }

    /// Realm and count of each of a request's Proxy-Authorization headers.
    private static func proxyCredentials(_ request: SIPMessage) -> [String] {
        request.index.fields.filter { $0.id == .proxyAuthorization }.map { field in
            let parameters = AuthParameters(request.index.value(field))
            let names: [StaticString] = ["realm", "nc"]
            return names.map { text(parameters?.value($0)) ?? "-" }.joined(separator: " ")
        }
    }

    /// The trunk's one user has an account with both proxies.
    @Test("3.3 Session establishment with multiple proxy authentication")
    func twoProxiesAsk() throws {
        let bed = try AgentBed.registered()
        bed.place("call-1")
        for realm in ["proxy 1", "proxy 2"] {
            let invite = try bed.expect(AgentBed.alpha, "INVITE")
            let challenge =
                "Proxy-Authenticate: Digest realm=\"\(realm)\", nonce=\"n1\", qop=\"auth\""
            bed.receive(
                Cast.alpha.response(407, to: invite, headers: [challenge]), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.alpha, "ACK")
        }
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(invite.cseq.number == 3)
        try bed.ring(invite)
        let call = try bed.answer(invite)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        let requests = bed.sent.compactMap { SIPMessage(own: $0.bytes) }.filter(\.isRequest)
        let both = ["proxy 1 00000002", "proxy 2 00000001"]
        #expect(
            requests.map(Self.proxyCredentials) == [
                [], [], [], ["proxy 1 00000001"], [], both, both,
                ["proxy 1 00000003", "proxy 2 00000002"],
            ])
        #expect(
            bed.ladder(AgentBed.dialer) == ["100 INVITE", "180 INVITE", "200 INVITE", "200 BYE"])
        #expect(
            bed.ladder(AgentBed.alpha)
                == ["REGISTER", "INVITE", "ACK", "INVITE", "ACK", "INVITE", "ACK", "BYE"])
        bed.expectQuiet()
    }

    @Test("3.4 Successful session with proxy failure") func proxyFailure() throws {
        let bed = AgentBed()
        bed.place("call-1")
        bed.run(for: .seconds(7))
        let invite = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.beta.response(180, to: invite), from: AgentBed.beta)
        bed.receive(Cast.beta.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.beta)
        _ = try bed.expect(AgentBed.dialer, "180 INVITE")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(Cast.beta.request("BYE", within: invite, sequence: 1), from: AgentBed.beta)
        #expect(bed.ladder(AgentBed.dialer) == ["100 INVITE", "180 INVITE", "200 INVITE", "BYE"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE"], "nothing was heard that CANCEL could end")
        #expect(bed.ladder(AgentBed.beta) == ["INVITE", "ACK", "200 BYE"])
        bed.expectQuiet()
    }

    @Test("3.6 Session via redirect and proxy servers with SDP in ACK") func redirect() throws {
        let bed = Self.bed(followsRedirections: true)
        bed.place("call-1", body: .empty)
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(
                302, to: first, headers: ["Contact: <sip:+12125550111@127.0.0.3:5070>"]),
            from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let second = try bed.expect(AgentBed.alpha, "INVITE")
        try bed.ring(second)
        bed.receive(Cast.alpha.response(200, to: second, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1, body: AgentBed.sdp),
            from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.alpha, "ACK").body.elementsEqual(AgentBed.sdp.bytes))
        try bed.hangUp(AnsweredCall(invite: second, answer: answer))
        #expect(
            bed.ladder(AgentBed.dialer)
                == ["100 INVITE", "180 INVITE", "200 INVITE", "200 BYE"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK", "INVITE", "ACK", "BYE"])
        bed.expectQuiet()
    }

    @Test("3.7 Session with re-INVITE (IP address change)") func addressChange() throws {
        let bed = Self.bed()
        let call = try bed.answeredCall()
        let moved = Phone(AgentBed.endpoint("127.0.0.3", 5099), tag: "alpha")
        bed.receive(
            moved.request("INVITE", within: call.invite, sequence: 1, body: AgentBed.sdp),
            from: moved.endpoint)
        let reinvite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(
            Cast.dialer.response(200, to: reinvite, body: AgentBed.sdp), from: AgentBed.dialer)
        _ = try bed.expect(moved.endpoint, "200 INVITE")
        bed.receive(moved.request("ACK", within: call.invite, sequence: 1), from: moved.endpoint)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let bye = try bed.expect(moved.endpoint, "BYE")
        #expect(bye.uri == "sip:127.0.0.3:5099")
        bed.receive(moved.response(200, to: bye), from: moved.endpoint)
        #expect(
            bed.ladder(AgentBed.dialer)
                == ["100 INVITE", "200 INVITE", "INVITE", "ACK", "200 BYE"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK"])
        #expect(bed.ladder(moved.endpoint) == ["100 INVITE", "200 INVITE", "BYE"])
        bed.expectQuiet()
    }

    @Test("3.8 Unsuccessful no answer") func noAnswer() throws {
        let bed = Self.bed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        try bed.ring(invite)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        let cancel = try bed.expect(AgentBed.alpha, "CANCEL")
        bed.receive(Cast.alpha.response(200, to: cancel), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(487, to: invite), from: AgentBed.alpha)
        #expect(
            bed.ladder(AgentBed.dialer)
                == ["100 INVITE", "180 INVITE", "487 INVITE", "200 CANCEL"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "CANCEL", "ACK"])
        bed.expectQuiet()
    }

    /// Sections 3.9 (busy), 3.10 (no response from user agent) and 3.11 (temporarily unavailable).
    @Test("3.9 to 3.11 Unsuccessful", arguments: [486, 408, 480] as [UInt16])
    func refused(status: UInt16) throws {
        let bed = Self.bed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(100, to: invite), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(status, to: invite), from: AgentBed.alpha)
        #expect(bed.ladder(AgentBed.dialer) == ["100 INVITE", "\(status) INVITE"])
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK"])
        bed.expectQuiet()
    }
}
