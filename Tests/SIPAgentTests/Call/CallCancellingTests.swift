import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallCancellingTests {
    // opensips#3343, kamailio#545: a cancelled call stayed in its table for ever.
    @Test func aCancelWaitsForTheCarriersFirstSignOfLife() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        let refusal = try bed.expect(AgentBed.dialer, "487 INVITE")
        #expect(try bed.expect(AgentBed.dialer, "200 CANCEL").text(.to) == refusal.text(.to))
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.receive(Cast.alpha.response(100, to: invite), from: AgentBed.alpha)
        let cancel = try bed.expect(AgentBed.alpha, "CANCEL")
        #expect(cancel.topVia.branch.map { Array($0) } == invite.topVia.branch.map { Array($0) })
        #expect(bed.inUse == 1)
        bed.receive(Cast.alpha.response(200, to: cancel), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(487, to: invite), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        #expect(bed.inUse == 0)
        #expect(
            bed.kinds == [
                .callStarted, .routeChosen, .channelSeized, .attemptSent, .callEnded,
                .attemptFailed, .channelReleased,
            ])
        guard case .attemptFailed(let failed)? = bed.events(.attemptFailed).first else { return }
        #expect(failed.cause == .cancelled && failed.code == .code(487))
        bed.expectQuiet()
    }

    // jambonz/sbc-inbound PR#188: a CANCEL sooner than the call was set up.
    @Test func anInviteThatHadNotLeftFreesItsChannelAtOnce() throws {
        let bed = AgentBed()
        bed.place("call-1")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "487 INVITE")
        _ = try bed.expect(AgentBed.dialer, "200 CANCEL")
        let withdrawal = try #require(bed.withdrawals.first)
        #expect(Octets(withdrawal.message.bytes).description.hasPrefix("INVITE"))
        bed.perform { agent, now, output in
            agent.withdrawn(withdrawal, at: now, into: &output)
        }
        #expect(bed.inUse == 0)
        guard case .attemptFailed(let failed)? = bed.events(.attemptFailed).first else { return }
        #expect(failed.cause == .cancelled && failed.code == nil && failed.reason == "Not sent")
        let count = bed.sent.count
        bed.expectQuiet()
        #expect(!bed.sent.dropFirst(count).contains { $0.remote == AgentBed.alpha })
    }

    @Test func aReinviteThatHadNotLeftIsRefused() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request(
                "INVITE", after: call.answer, sequence: 2, branch: "z9hG4bK-hold",
                body: AgentBed.sdp), from: AgentBed.dialer)
        bed.receive(
            Cast.dialer.request(
                "CANCEL", after: call.answer, sequence: 2, branch: "z9hG4bK-hold"),
            from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 CANCEL")
        let withdrawal = try #require(bed.withdrawals.first)
        bed.perform { agent, now, output in
            agent.withdrawn(withdrawal, at: now, into: &output)
        }
        _ = try bed.expect(AgentBed.dialer, "487 INVITE")
        bed.discardMail()
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    // drachtio-srf#84, #47: CANCEL was not passed on.
    @Test func aCancelAfterRingingGoesAtOnceWithItsReason() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        bed.receive(
            Cast.dialer.cancel("call-1", headers: ["Reason: SIP;cause=200"]), from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.alpha, "CANCEL").text(.reason) == "SIP;cause=200")
        // The carrier answers neither: the channel is held for 64*T1, then free.
        bed.run(for: .seconds(30))
        #expect(bed.inUse == 1)
        bed.run(for: .seconds(3))
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func aDeadCarrierHoldsACancelledCallUntilTimerB() throws {
        let bed = AgentBed()
        bed.place("call-1")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.run(for: .seconds(31))
        #expect(bed.inUse == 1)
        bed.run(for: .seconds(2))
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func anAnswerThatCrossesTheCancelIsAnAnswerAndIsHungUp() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        let cancel = try bed.expect(AgentBed.alpha, "CANCEL")
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: cancel), from: AgentBed.alpha)
        #expect(bed.inUse == 1)
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        #expect(
            Array(bed.kinds.suffix(3)) == [.callEnded, .attemptAnswered, .channelReleased])
        #expect(bed.events(.callAnswered).isEmpty)
        bed.expectQuiet()
    }

    @Test func aCancelThatComesAfterTheAnswerChangesNothing() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 CANCEL")
        #expect(bed.events(.callEnded).isEmpty)
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        try bed.hangUp(AnsweredCall(invite: invite, answer: answer))
        bed.expectQuiet()
    }

    @Test func aCancelOfNothingIsUnknown() throws {
        let bed = AgentBed()
        bed.receive(Cast.dialer.cancel("call-9"), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "481 CANCEL")
        bed.expectQuiet()
    }

    @Test func aByeInAnEarlyDialogHangsUpLikeACancel() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        let ringing = try bed.expect(AgentBed.dialer, "180 INVITE")
        bed.receive(
            Cast.dialer.request("BYE", after: ringing, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "487 INVITE")
        _ = try bed.expect(AgentBed.dialer, "200 BYE")
        _ = try bed.expect(AgentBed.alpha, "CANCEL")
        bed.receive(Cast.alpha.response(487, to: invite), from: AgentBed.alpha)
        bed.expectQuiet()
    }
}
