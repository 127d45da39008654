import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallRecoveryTests {
    // freeswitch#754: calls that rang could not be recovered.
    @Test func aRingingCallIsCancelledOnTheLoggedBranchAndRefusedToTheDialer() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        bed.crash(downtime: .seconds(2))
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.run(for: .milliseconds(4_510))
        let cancel = try bed.expect(AgentBed.alpha, "CANCEL")
        #expect(cancel.topVia.branch.map { Array($0) } == invite.topVia.branch.map { Array($0) })
        let refusal = try bed.expect(AgentBed.dialer, "500 INVITE")
        #expect(refusal.cseq.number == 1 && refusal.text(.callID) == "call-1")
        #expect(bed.inUse == 1)
        bed.receive(Cast.alpha.response(200, to: cancel), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(487, to: invite), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        #expect(bed.inUse == 0)
        guard case .attemptFailed(let failed)? = bed.events(.attemptFailed).first else {
            Issue.record("the attempt has an end")
            return
        }
        #expect(failed.cause == .recovery)
        bed.expectQuiet()
    }

    @Test func aCarrierThatKnowsNoSuchCallFreesItsChannel() throws {
        let bed = AgentBed()
        bed.place("call-1")
        bed.crash(downtime: .seconds(300))
        bed.run(for: .milliseconds(4_510))
        let cancel = try bed.expect(AgentBed.alpha, "CANCEL")
        #expect(bed.inUse == 1)
        bed.receive(Cast.alpha.response(481, to: cancel), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func aCarrierThatDoesNotAnswerTheCancelHoldsItsChannelFor64T1() throws {
        let bed = AgentBed()
        bed.place("call-1")
        bed.crash(downtime: .seconds(300))
        bed.run(for: .milliseconds(4_510))
        let cancel = try bed.expect(AgentBed.alpha, "CANCEL")
        bed.receive(Cast.alpha.response(200, to: cancel), from: AgentBed.alpha)
        bed.run(for: .seconds(31))
        #expect(bed.inUse == 1)
        bed.run(for: .seconds(2))
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test(arguments: [0, 4_100] as [Int64])
    func aLateAnswerAfterTheRestartIsHungUp(wait: Int64) throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.crash(downtime: .seconds(2))
        bed.run(for: .milliseconds(wait))
        bed.discardMail()
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        #expect(bed.events(.attemptAnswered).count == 1)
        bed.expectQuiet()
    }

    @Test func aCallThatWasBeingHungUpHoldsItsChannelUntilItsByeIsAnswered() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.run(for: .seconds(60))
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        bed.crash(downtime: .seconds(1))
        #expect(bed.inUse == 1)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        #expect(bed.events(.callEnded).count == 1)
        #expect(bed.events(.callRecovered).isEmpty)
        bed.expectQuiet()
    }

    @Test func aSeizureWithoutAnInviteIsReleasedAtOnce() throws {
        let bed = AgentBed()
        bed.place("call-1")
        #expect(bed.kinds.last == .attemptSent)
        bed.crash(downtime: .seconds(1), losing: 1)
        #expect(bed.inUse == 0)
        _ = try bed.expect(AgentBed.dialer, "500 INVITE")
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.expectQuiet()
    }

    @Test func anInboundCallThatRangIsRefusedToTheCarrierAndCancelled() throws {
        let bed = AgentBed()
        bed.receive(Cast.alpha.invite("in-1", to: "12125550100"), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "INVITE")
        bed.crash(downtime: .seconds(1))
        _ = try bed.expect(AgentBed.alpha, "500 INVITE")
        bed.run(for: .milliseconds(4_510))
        _ = try bed.expect(AgentBed.dialer, "CANCEL")
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    /// A 2xx that comes after the answer to our BYE would begin its call anew.
    @Test func aCarrierThatHasConfirmedTheEndHearsNoMore() throws {
        let bed = AgentBed()
        bed.receive(Cast.alpha.invite("in-1", to: "12125550100"), from: AgentBed.alpha)
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(
            Cast.dialer.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.dialer)
        let answer = try bed.expect(AgentBed.alpha, "200 INVITE")
        bed.receive(Cast.alpha.request("ACK", after: answer, sequence: 1), from: AgentBed.alpha)
        bed.receive(
            Cast.dialer.request("BYE", within: invite, sequence: 1), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        bed.crash(downtime: .milliseconds(100))
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.expectQuiet()
    }

    // opensips#3117: what was long over broke the restart.
    @Test func aSettledCallLeavesNothingToRecover() throws {
        let bed = AgentBed()
        try bed.hangUp(try bed.answeredCall())
        bed.run(for: .seconds(5))
        try bed.hangUp(try bed.answeredCall("call-2"))
        bed.run(for: .seconds(5))
        bed.place("call-3")
        bed.receive(Cast.dialer.cancel("call-3"), from: AgentBed.dialer)
        var recovered = RecoveredState()
        for fact in bed.facts { recovered.apply(fact.event, at: fact.moment) }
        #expect(recovered.calls.count == 1)
        bed.expectQuiet()
    }
}
