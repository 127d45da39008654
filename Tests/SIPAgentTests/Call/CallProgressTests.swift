import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallProgressTests {
    @Test func eachProvisionalIsRelayedAndEachCodeRecordedOnce() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(183, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        let early = try bed.expect(AgentBed.dialer, "183 INVITE")
        #expect(early.body.elementsEqual(AgentBed.sdp.bytes))
        for _ in 0..<2 {
            bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.dialer, "180 INVITE")
        }
        bed.receive(Cast.alpha.response(199, to: invite), from: AgentBed.alpha)
        #expect(!bed.hasMail(AgentBed.dialer))
        #expect(bed.events(.attemptProgressed).count == 3)
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    // GS5#320: the time until the next trunk tries was that of ringing.
    @Test func aSilentTrunkLetsTheNextOneTryAndKeepsItsChannel() throws {
        let bed = AgentBed()
        bed.place("call-1")
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        bed.run(for: .seconds(5))
        #expect(!bed.hasMail(AgentBed.beta))
        bed.run(for: .seconds(2))
        let second = try bed.expect(AgentBed.beta, "INVITE")
        #expect(bed.inUse == 2)
        guard case .attemptFailed(let failed)? = bed.events(.attemptFailed).first else {
            Issue.record("the first attempt has failed")
            return
        }
        #expect(failed.cause == .timeout && failed.code == nil)
        bed.receive(Cast.beta.response(486, to: second), from: AgentBed.beta)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
        bed.expectQuiet()
        #expect(bed.events(.attemptFailed).count == 2)
    }

    @Test func anAbandonedTrunkThatAnswersLateIsHungUp() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(100, to: first), from: AgentBed.alpha)
        bed.run(for: .seconds(7))
        bed.discardMail()
        bed.receive(
            Cast.alpha.response(200, to: first, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(!bed.hasMail(AgentBed.dialer))
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 1)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func theLastTrunkMayTakeLongerWhileItShowsSignsOfLife() throws {
        let bed = AgentBed(
            AgentBed.configuration(trunks: [AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)]))
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(100, to: invite), from: AgentBed.alpha)
        bed.run(for: .seconds(20))
        #expect(bed.events(.callEnded).isEmpty)
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        try bed.hangUp(AnsweredCall(invite: invite, answer: answer))
        bed.expectQuiet()
    }

    @Test func aSingleDeadTrunkFailsTheCallAtItsProgressTimeout() throws {
        let bed = AgentBed(
            AgentBed.configuration(trunks: [AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)]))
        bed.place("call-1")
        bed.run(for: .seconds(7))
        #expect(try bed.expect(AgentBed.dialer, "408 INVITE").q850Cause == 102)
        #expect(bed.inUse == 1)
        bed.expectQuiet()
    }

    @Test func ringingEndsAtTheNoAnswerTimeoutAndTriesNoOtherTrunk() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        bed.run(for: .seconds(59))
        #expect(bed.events(.callEnded).isEmpty)
        bed.run(for: .seconds(2))
        _ = try bed.expect(AgentBed.dialer, "180 INVITE")
        #expect(try bed.expect(AgentBed.dialer, "480 INVITE").q850Cause == 19)
        _ = try bed.expect(AgentBed.alpha, "CANCEL")
        #expect(!bed.hasMail(AgentBed.beta))
        bed.receive(Cast.alpha.response(487, to: invite), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        #expect(bed.events(.attemptFailed).count == 1)
        bed.expectQuiet()
    }
}

extension CallProgressTests {
    @Test func anAbandonedTrunkThatHangsUpItselfLeavesTheCallAlone() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(100, to: first), from: AgentBed.alpha)
        bed.run(for: .seconds(7))
        let second = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(
            Cast.beta.response(200, to: second, body: AgentBed.sdp), from: AgentBed.beta)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(
            Cast.alpha.response(200, to: first, body: AgentBed.sdp), from: AgentBed.alpha)
        bed.receive(Cast.alpha.request("BYE", within: first, sequence: 1), from: AgentBed.alpha)
        #expect(bed.inUse == 1)
        #expect(bed.events(.callEnded).isEmpty)
        bed.receive(
            Cast.dialer.request("BYE", after: answer, sequence: 2), from: AgentBed.dialer)
        bed.expectQuiet()
    }
}
