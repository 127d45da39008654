import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallRedirectionTests {
    private static func bed(follows: Bool) -> AgentBed {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        trunk.followsRedirections = follows
        return AgentBed(
            AgentBed.configuration(trunks: [
                trunk, AgentBed.trunk(AgentBed.betaName, AgentBed.beta),
            ]))
    }

    private static func moved(_ invite: SIPMessage, to contact: String) -> [UInt8] {
        Cast.alpha.response(302, to: invite, headers: ["Contact: \(contact)"])
    }

    @Test func theNewAddressIsCalledWithinTheAttempt() throws {
        let bed = Self.bed(follows: true)
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Self.moved(first, to: "<sip:+12125550111@127.0.0.3:5070?Subject=x>;q=0.5"),
            from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let second = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(second.uri == "sip:+12125550111@127.0.0.3:5070")
        #expect(second.text(.callID) == first.text(.callID) && second.cseq.number == 2)
        #expect(second.text(.to) == first.text(.to) && second.body.elementsEqual(first.body))
        #expect(bed.events(.channelSeized).count == 1 && bed.events(.attemptSent).count == 2)
        bed.receive(Cast.alpha.response(200, to: second, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        try bed.hangUp(AnsweredCall(invite: second, answer: answer))
        bed.expectQuiet()
    }

    /// Somebody else's address, and not an address at all.
    @Test(arguments: [
        "<sip:+19005550100@192.0.2.99>", "<tel:+19005550100>", "<sip:x@other.example>",
    ])
    func nobodyIsCalledOnOurAccount(contact: String) throws {
        let bed = Self.bed(follows: true)
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Self.moved(first, to: contact), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        #expect(!bed.hasMail(AgentBed.alpha))
        _ = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func aRoundaboutIsLeft() throws {
        let bed = Self.bed(follows: true)
        bed.place("call-1")
        for _ in 0..<4 {
            let invite = try bed.expect(AgentBed.alpha, "INVITE")
            bed.receive(Self.moved(invite, to: "<sip:1@127.0.0.3:5070>"), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.alpha, "ACK")
        }
        #expect(!bed.hasMail(AgentBed.alpha))
        _ = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func unlessItIsConfiguredTheNextTrunkTries() throws {
        let bed = Self.bed(follows: false)
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Self.moved(first, to: "<sip:1@127.0.0.3:5070>"), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }
}
