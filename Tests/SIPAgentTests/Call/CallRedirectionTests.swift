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

    /// Section 8.1.3.4: in the order of their q values, equals as they are listed; the next one
    /// when one fails, and none after a 6xx.
    @Test(arguments: [486, 603] as [UInt16])
    func theAddressesAreCalledInTheOrderOfTheirWorth(status: UInt16) throws {
        let bed = Self.bed(follows: true)
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        let contacts = [
            "<sip:1@127.0.0.3:5070>;q=0.2", "<sip:2@127.0.0.3:5070>;q=0.75",
            "<sip:3@127.0.0.3:5070>;q=0.75", "<sip:4@127.0.0.3:5070>;q=0.001",
        ]
        bed.receive(Self.moved(first, to: contacts.joined(separator: ", ")), from: AgentBed.alpha)
        var called: [String] = []
        for _ in 0..<3 {
            guard bed.hasMail(AgentBed.alpha) else { break }
            _ = try bed.expect(AgentBed.alpha, "ACK")
            guard bed.hasMail(AgentBed.alpha) else { break }
            let invite = try bed.expect(AgentBed.alpha, "INVITE")
            called.append(String(invite.uri.dropFirst(4).prefix(1)))
            bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
            bed.receive(Cast.alpha.response(status, to: invite), from: AgentBed.alpha)
        }
        #expect(called == (status == 486 ? ["2", "3", "1"] : ["2"]))
        for _ in called { _ = try bed.expect(AgentBed.dialer, "180 INVITE") }
        _ = try bed.expect(AgentBed.dialer, "\(status) INVITE")
        #expect(bed.events(.channelSeized).count == 1 && bed.events(.attemptFailed).count == 1)
        bed.expectQuiet()
    }

    /// Nobody answers at the first address: it is cancelled, and the next is called.
    @Test func aSilentAddressIsPassedOver() throws {
        let bed = Self.bed(follows: true)
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Self.moved(first, to: "<sip:1@127.0.0.3:5070>, <sip:2@127.0.0.3:5070>"),
            from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let silent = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(100, to: silent), from: AgentBed.alpha)
        bed.run(for: .seconds(6))
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        let cancel = try bed.expect(AgentBed.alpha, "CANCEL")
        #expect(cancel.uri == "sip:1@127.0.0.3:5070")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
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
