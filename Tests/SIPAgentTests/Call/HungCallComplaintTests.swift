import Testing
import TrunkEvents

@testable import SIPAgent

/// Users' complaints of calls that stay and BYEs that get lost. The issue that tells it stands
/// above each test.
///
/// No concern of ours: asterisk#373, where the descriptors of streamed music ran out until no
/// INVITE was answered any more. A call of ours opens nothing, and connections have bounds.
@Suite struct HungCallComplaintTests {
    // livekit/sip#112: a BYE without its From tag got 481.
    @Test func ourByesNameTheDialog() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall("call-1")
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        let toDialer = try bed.expect(AgentBed.dialer, "BYE")
        #expect(toDialer.text(.from) == call.answer.text(.to))
        #expect(toDialer.text(.to) == call.answer.text(.from))
        #expect(toDialer.text(.callID) == "call-1")
        bed.discardMail()
        let other = try bed.answeredCall("call-2")
        bed.receive(
            Cast.dialer.request("BYE", after: other.answer, sequence: 2), from: AgentBed.dialer)
        let toAlpha = try bed.expect(AgentBed.alpha, "BYE")
        #expect(toAlpha.text(.from) == other.invite.text(.from))
        #expect(toAlpha.text(.to) == "\(other.invite.text(.to) ?? "");tag=alpha")
        #expect(toAlpha.text(.callID) == other.invite.text(.callID))
        bed.expectQuiet()
    }

    // drachtio-srf#84, #47, opensips#3877, #2977: CANCEL was not passed on. opensips#4108: one that
    // came while the other side's 180 was handled was too much.
    @Test func theCarriersCancelReachesTheDialer() throws {
        let bed = AgentBed()
        bed.receive(Cast.alpha.invite("in-1", to: "12125550100"), from: AgentBed.alpha)
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(Cast.dialer.response(180, to: invite), from: AgentBed.dialer)
        bed.receive(Cast.alpha.cancel("in-1", to: "12125550100"), from: AgentBed.alpha)
        bed.receive(Cast.dialer.response(180, to: invite), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "180 INVITE")
        _ = try bed.expect(AgentBed.alpha, "487 INVITE")
        _ = try bed.expect(AgentBed.alpha, "200 CANCEL")
        let cancel = try bed.expect(AgentBed.dialer, "CANCEL")
        bed.receive(Cast.dialer.response(200, to: cancel), from: AgentBed.dialer)
        bed.receive(Cast.dialer.response(487, to: invite), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "ACK")
        #expect(!bed.hasMail(AgentBed.alpha), "what rings after the end is not passed on")
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    // freeswitch#2920, #2830 from the other side: the carrier gives up in the very moment in which
    // the dialer answers.
    @Test func anInboundAnswerThatCrossesTheCancelIsHungUp() throws {
        let bed = AgentBed()
        bed.receive(Cast.alpha.invite("in-1", to: "12125550100"), from: AgentBed.alpha)
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(Cast.dialer.response(180, to: invite), from: AgentBed.dialer)
        bed.receive(Cast.alpha.cancel("in-1", to: "12125550100"), from: AgentBed.alpha)
        bed.receive(
            Cast.dialer.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "CANCEL")
        _ = try bed.expect(AgentBed.dialer, "ACK")
        let bye = try bed.expect(AgentBed.dialer, "BYE")
        bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        #expect(bed.ladder(AgentBed.alpha).suffix(2) == ["487 INVITE", "200 CANCEL"])
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    // sems#170: the callee was dead when the caller gave up, so that nobody answered the CANCEL,
    // and its leg stayed for ever.
    @Test func whoDiedRingingIsGivenUp() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        try bed.ring(invite)
        bed.run(for: .seconds(5))
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        #expect(bed.ladder(AgentBed.dialer).suffix(2) == ["487 INVITE", "200 CANCEL"])
        bed.run(for: .seconds(31))
        #expect(bed.inUse == 1, "it may answer yet")
        bed.run(for: .seconds(2))
        #expect(bed.inUse == 0 && bed.agent.openCallCount == 0)
        bed.expectQuiet()
    }

    // siphon-ai#342: an end of its own making sent no BYE to the peer.
    @Test func anEndOfOurOwnIsToldToBoth() throws {
        let bed = AgentBed()
        _ = try bed.answeredCall()
        bed.perform { agent, now, output in
            agent.shutdown(hangUpCalls: true, at: now, into: &output)
        }
        for (peer, phone) in [(AgentBed.alpha, Cast.alpha), (AgentBed.dialer, Cast.dialer)] {
            bed.receive(phone.response(200, to: try bed.expect(peer, "BYE")), from: peer)
        }
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    // siphon-ai#324: after a BYE that got no answer the channel was held for minutes.
    @Test func aByeThatGets481IsAnEnd() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        bed.receive(
            Cast.alpha.response(481, to: try bed.expect(AgentBed.alpha, "BYE")),
            from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        #expect(bed.ladder(AgentBed.alpha) == ["INVITE", "ACK", "BYE"], "it is not asked again")
        bed.expectQuiet()
    }
}
