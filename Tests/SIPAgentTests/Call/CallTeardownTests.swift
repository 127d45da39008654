import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallTeardownTests {
    @Test func byesThatCrossReleaseTheChannelOnce() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let ours = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "200 BYE")
        #expect(bed.inUse == 0)
        bed.receive(Cast.alpha.response(481, to: ours), from: AgentBed.alpha)
        #expect(bed.events(.callEnded).count == 1)
        #expect(bed.events(.channelReleased).count == 1)
        bed.expectQuiet()
    }

    @Test func aSecondByeGetsTheSameAnswer() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        for sequence in [2, 3] {
            bed.receive(
                Cast.dialer.request("BYE", after: call.answer, sequence: sequence),
                from: AgentBed.dialer)
            _ = try bed.expect(AgentBed.dialer, "200 BYE")
        }
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.receive(Cast.alpha.response(481, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 4), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "481 BYE")
        bed.expectQuiet()
    }

    @Test func aByeThatNobodyAnswersHoldsTheChannelFor64T1() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        bed.run(for: .seconds(31))
        #expect(bed.inUse == 1)
        bed.run(for: .seconds(2))
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func aCalleeThatHangsUpBeforeTheDialersAckWaitsForIt() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.alpha.request("BYE", within: invite, sequence: 1), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        #expect(!bed.hasMail(AgentBed.dialer))
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.dialer, "BYE")
        bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func theReasonOfAByeCrosses() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request(
                "BYE", after: call.answer, sequence: 2,
                headers: ["Reason: Q.850;cause=31;text=\"odd\"", "X-Agent: 12"]),
            from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bye.q850Cause == 31)
        #expect(bye.text(named: "X-Agent") == "12")
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else { return }
        #expect(ended.q850 == Q850Cause(rawValue: 31))
        bed.expectQuiet()
    }

    @Test func aByeForAnUnknownDialogOrWithTheWrongTagsIsRefused() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        let forged = Phone(AgentBed.alpha, tag: "guess")
        bed.receive(
            forged.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "481 BYE")
        #expect(bed.inUse == 1)
        bed.receive(
            Cast.dialer.request("INFO", after: call.answer, sequence: 5), from: AgentBed.dialer)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "500 BYE")
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 6), from: AgentBed.dialer)
        bed.expectQuiet()
    }
}
