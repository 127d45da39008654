import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 3261 section 12.1: who rings is known by its tag, so another callee has another one.
@Suite struct ShownDialogTests {
    private static func tag(_ message: SIPMessage) -> [UInt8] { Array(message.to.tag ?? []) }

    @Test func theNextTrunkIsAnotherCallee() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(183, to: first, body: AgentBed.sdp), from: AgentBed.alpha)
        let alphaTag = Self.tag(try bed.expect(AgentBed.dialer, "183 INVITE"))
        bed.receive(Cast.alpha.response(180, to: first), from: AgentBed.alpha)
        #expect(Self.tag(try bed.expect(AgentBed.dialer, "180 INVITE")) == alphaTag)
        bed.receive(Cast.alpha.response(503, to: first), from: AgentBed.alpha)
        let second = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.beta.response(180, to: second), from: AgentBed.beta)
        let betaTag = Self.tag(try bed.expect(AgentBed.dialer, "180 INVITE"))
        #expect(betaTag != alphaTag)
        bed.receive(Cast.beta.response(200, to: second, body: AgentBed.sdp), from: AgentBed.beta)
        _ = try bed.expect(AgentBed.beta, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(Self.tag(answer) == betaTag)
        guard case .callAnswered(let fact)? = bed.events(.callAnswered).first else { return }
        #expect(fact.toTag.bytes == betaTag)
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(Cast.dialer.request("BYE", after: answer, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 BYE")
        let bye = try bed.expect(AgentBed.beta, "BYE")
        bed.receive(Cast.beta.response(200, to: bye), from: AgentBed.beta)
        bed.expectQuiet()
    }

    @Test func calleesOfAForkingProxyAreToldApart() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        var tags: [[UInt8]] = []
        for fork in ["a", "b", "a"] {
            bed.receive(Cast.alpha.response(180, to: invite, tag: fork), from: AgentBed.alpha)
            tags.append(Self.tag(try bed.expect(AgentBed.dialer, "180 INVITE")))
        }
        #expect(tags[0] == tags[2] && tags[0] != tags[1])
        // The first may hang up its early dialog, and so may the second: it is one call.
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "487 INVITE")
        bed.expectQuiet()
    }

    @Test func oneWhoAnswersWithoutHavingRungIsAnotherToo() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: invite, tag: "a"), from: AgentBed.alpha)
        let ringing = try bed.expect(AgentBed.dialer, "180 INVITE")
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp, tag: "alpha"),
            from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(Self.tag(answer) != Self.tag(ringing))
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        // The early dialog is gone (section 13.2.2.4).
        bed.receive(Cast.dialer.request("INFO", after: ringing, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "481 INFO")
        try bed.hangUp(AnsweredCall(invite: invite, answer: answer))
        bed.expectQuiet()
    }

    @Test func aPeerCannotFillTheTablesWithTags() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        for fork in 0..<40 {
            bed.receive(
                Cast.alpha.response(180, to: invite, tag: "fork-\(fork)"), from: AgentBed.alpha)
        }
        #expect(bed.agent.board.dialogs.count == 17, "sixteen of the caller's, one of the attempt")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }
}
