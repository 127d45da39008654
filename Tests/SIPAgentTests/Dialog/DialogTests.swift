import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct DialogTests {
    private static let remote = AgentBed.endpoint("203.0.113.7", 5060)

    private static let reach = TransportReach([
        AgentBed.agentAddress,
        Endpoint(transport: .tcp, address: AgentBed.dialer.address, port: 5062),
    ])

    static func dialog(contact: String, recordRoutes: [String] = []) -> Dialog {
        let caller = Phone(AgentBed.dialer, tag: "a")
        let invite = SIPMessage(written: caller.invite("c-1", sequence: 7))
        let phone = Phone(AgentBed.alpha, tag: "b")
        let text = Octets(
            phone.response(200, to: invite, headers: recordRoutes.map { "Record-Route: \($0)" })
        ).description
        let answer = SIPMessage(
            written: Array(
                text.replacing("Contact: <sip:\(phone.hostPort)>", with: "Contact: <\(contact)>")
                    .utf8))
        return Dialog(
            invite: invite, response: answer, local: AgentBed.agentAddress, remote: remote)
    }

    private static func bye(_ dialog: Dialog) -> SIPMessage {
        SIPMessage(
            written: dialog.request(
                .bye, sequence: 8, sentBy: Array("127.0.0.1:5062".utf8),
                branch: Array("z9hG4bKx".utf8)
            ).finish())
    }

    @Test func looseRoutesStandInReverseAndTheTargetInTheRequestLine() {
        let dialog = Self.dialog(
            contact: "sip:b@198.51.100.1:5070",
            recordRoutes: ["<sip:198.51.100.2;lr>", "<sip:198.51.100.3:5090;lr>"])
        let bye = Self.bye(dialog)
        #expect(bye.uri == "sip:b@198.51.100.1:5070")
        #expect(
            bye.routes.map { String(decoding: $0.uriText, as: UTF8.self) } == [
                "sip:198.51.100.3:5090;lr", "sip:198.51.100.2;lr",
            ])
        #expect(
            dialog.nextHop(reaching: Self.reach)
                == .endpoint(AgentBed.endpoint("198.51.100.3", 5090)))
    }

    @Test func aStrictRouterStandsInTheRequestLineAndTheTargetComesLast() {
        let dialog = Self.dialog(
            contact: "sip:b@198.51.100.1",
            recordRoutes: ["<sip:198.51.100.2;lr>", "<sip:198.51.100.3>"])
        let bye = Self.bye(dialog)
        #expect(bye.uri == "sip:198.51.100.3")
        #expect(
            bye.routes.map { String(decoding: $0.uriText, as: UTF8.self) } == [
                "sip:198.51.100.2;lr", "sip:b@198.51.100.1",
            ])
    }

    @Test(arguments: [
        ("sip:b@198.51.100.1:5070", "198.51.100.1", 5070),
        ("sip:b@198.51.100.1", "198.51.100.1", 5060),
        // Behind NAT: back to where its messages come from.
        ("sip:b@192.168.1.5:5099", "203.0.113.7", 5060),
        ("sip:b@10.0.0.5", "203.0.113.7", 5060),
        ("sip:b@172.31.0.5", "203.0.113.7", 5060),
        ("sip:b@100.64.0.5", "203.0.113.7", 5060),
    ])
    func requestsGoToTheContactWhereItCanBeReached(
        contact: String, address: String, port: UInt16
    ) {
        let dialog = Self.dialog(contact: contact)
        #expect(dialog.nextHop(reaching: Self.reach) == .endpoint(AgentBed.endpoint(address, port)))
    }

    /// A peer behind an ephemeral port is reached over the connection that it opened; the port of
    /// its Contact is for when that is gone. Towards a listener the Contact's port is right.
    @Test func aConnectionServesBothDirections() {
        let source = Endpoint(
            transport: .tcp, address: AgentBed.dialer.address, port: 40_123)
        let invite = SIPMessage(written: Cast.dialer.invite("call-1"))
        let listener = Endpoint(transport: .tcp, address: source.address, port: 5062)
        let called = Dialog(
            invite: invite, localTag: [65], local: listener, source: source)
        #expect(called.nextHop(reaching: Self.reach) == .endpoint(source))
        let bye = Self.bye(called)
        #expect(bye.text(.via)?.hasPrefix("SIP/2.0/TCP ") == true)
        #expect(bye.reopeningPort == 5060)
        let trunk = Endpoint(transport: .tcp, address: AgentBed.alpha.address, port: 5060)
        let answer = SIPMessage(written: Cast.alpha.response(200, to: invite))
        let calling = Dialog(
            invite: invite, response: answer, local: listener, remote: trunk)
        #expect(
            calling.nextHop(reaching: Self.reach)
                == .endpoint(
                    Endpoint(transport: .tcp, address: AgentBed.alpha.address, port: 5070)))
    }

    @Test func sequencesRiseAndALowerOneOfThePeerIsRefused() {
        var dialog = Self.dialog(contact: "sip:b@198.51.100.1")
        let next = dialog.nextSequence()
        dialog.skipSequences()
        let afterRestart = dialog.nextSequence()
        #expect([next, afterRestart] == [8, 10_008])
        let verdicts = [5, 4, 9].map { dialog.accepts(sequence: $0) }
        #expect(verdicts == [true, false, true])
    }
}
