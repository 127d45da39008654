import Testing
import TrunkEvents

@testable import SIPAgent

/// What users of other elements complain of, held against this one. The issue that tells it stands
/// above each test.
@Suite struct FieldComplaintTests {
    // jambonz/sbc-inbound#177, sbc-outbound#151: BYE from both sides at once counted down twice.
    @Test func byesFromBothSidesFreeOneChannel() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "200 BYE")
        _ = try bed.expect(AgentBed.alpha, "BYE")
        _ = try bed.expect(AgentBed.alpha, "200 BYE")
        #expect(bed.events(.channelReleased).count == 1)
        #expect(bed.events(.callEnded).count == 1)
        bed.expectQuiet()
    }

    // freeswitch#2920, #2830: CANCEL and answer within a millisecond left the channel. sems#71: a
    // 200 while in CANCEL. pocket-dial#379: a carrier's leg went on, billed, with nobody on it.
    @Test func anAnswerThatCrossesTheCancelIsHungUp() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.receive(Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "CANCEL")
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bed.inUse == 1, "the carrier counts it until it has our BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        #expect(bed.events(.attemptAnswered).count == 1)
        bed.expectQuiet()
    }

    // opensips#949: concurrent calls were never counted down after CANCEL or busy.
    @Test func busyFreesTheChannel() throws {
        let bed = AgentBed()
        for id in ["call-1", "call-2", "call-3"] {
            bed.place(id)
            let invite = try bed.expect(AgentBed.alpha, "INVITE")
            bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.alpha, "ACK")
            _ = try bed.expect(AgentBed.dialer, "486 INVITE")
            #expect(bed.inUse == 0)
        }
        bed.expectQuiet()
    }

    // siphon PR#214: the 487 to our CANCEL was never acknowledged.
    @Test func theRefusalOfACancelledInviteIsAcknowledged() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        let cancel = try bed.expect(AgentBed.alpha, "CANCEL")
        bed.receive(Cast.alpha.response(200, to: cancel), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(487, to: invite), from: AgentBed.alpha)
        let ack = try bed.expect(AgentBed.alpha, "ACK")
        #expect(ack.topVia.branch?.elementsEqual(invite.topVia.branch ?? []) == true)
        bed.expectQuiet()
    }

    // siphon-ai#324: the far end's BYE on an outbound call got 481, and the channel stayed.
    @Test func theCarriersByeFindsItsCall() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "200 BYE")
        #expect(bed.inUse == 0)
        _ = try bed.expect(AgentBed.dialer, "BYE")
        bed.expectQuiet()
    }

    // livekit/sip#280: BYE for a call that does not exist.
    @Test func aByeForNoCallChangesNothing() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        let bye = Octets(Cast.alpha.request("BYE", within: call.invite, sequence: 1)).description
        bed.receive(
            Array(bye.replacing("tag=alpha", with: "tag=other").utf8), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "481 BYE")
        #expect(bed.inUse == 1 && bed.events(.callEnded).isEmpty)
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    // pjproject#1857, siphon-sip PR#390: no BYE was sent while the 200 had no ACK.
    @Test func aCallWithoutItsAckIsHungUpOnBothSides() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        bed.discardMail()
        bed.run(for: .seconds(33))
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    // ASTPP#190: trunks at one gateway shared one limit.
    @Test func trunksAtOneGatewayHaveLimitsOfTheirOwn() throws {
        let bed = AgentBed(
            AgentBed.configuration(trunks: [
                AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha, channels: .init(total: 1)),
                AgentBed.trunk(AgentBed.betaName, AgentBed.alpha, channels: .init(total: 1)),
            ]))
        for id in ["call-1", "call-2"] {
            bed.place(id)
            _ = try bed.expect(AgentBed.alpha, "INVITE")
        }
        bed.place("call-3")
        _ = try bed.expect(AgentBed.dialer, "503 INVITE")
        #expect(bed.agent.status.trunks.map(\.inUse) == [1, 1])
        for id in ["call-1", "call-2"] {
            bed.receive(Cast.dialer.cancel(id), from: AgentBed.dialer)
        }
        bed.expectQuiet()
    }

    // ASTPP#419: a busy callee was rung by three gateways. ivozprovider#672: nor may 480 fail over.
    @Test(arguments: [480, 486, 600, 603] as [UInt16])
    func theCalleesAnswerIsNotTriedElsewhere(status: UInt16) throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(status, to: invite), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "\(status) INVITE")
        #expect(!bed.hasMail(AgentBed.beta))
        bed.expectQuiet()
    }

    // openclaw#9707, #6721: after a crash the replayed log held calls that were long over.
    @Test func aRestartRestoresNoPhantom() throws {
        let bed = AgentBed()
        try bed.hangUp(try bed.answeredCall("call-1"))
        _ = try bed.answeredCall("call-2")
        bed.crash(downtime: .seconds(3_600))
        #expect(bed.inUse == 1, "only the call that nobody ended")
        // Its carrier does not know it any more.
        bed.run(for: .seconds(5))
        let probe = try bed.expect(AgentBed.alpha, "OPTIONS")
        bed.receive(Cast.alpha.response(481, to: probe), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    // freeswitch#1833: after recovery the re-INVITE had a lower CSeq. #1141: From and To swapped.
    @Test func aRestartGoesOnWithHigherSequencesAndTheSameParties() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.crash(downtime: .seconds(2))
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: AgentBed.sdp),
            from: AgentBed.dialer)
        let reinvite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(reinvite.cseq.number > call.invite.cseq.number)
        #expect(reinvite.from.tag?.elementsEqual(call.invite.from.tag ?? []) == true)
        #expect(reinvite.to.tag?.elementsEqual(Array("alpha".utf8)) == true)
        bed.receive(Cast.alpha.response(488, to: reinvite), from: AgentBed.alpha)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    // livekit/sip#251: an unknown header rejected the whole INVITE.
    @Test func unknownHeadersCross() throws {
        let bed = AgentBed()
        bed.receive(
            Cast.dialer.invite("call-1", headers: ["P-Charging-Vector: icid-value=\"a;b\""]),
            from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(invite.text(named: "P-Charging-Vector") == "icid-value=\"a;b\"")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }
}
