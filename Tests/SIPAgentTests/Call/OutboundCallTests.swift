import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct OutboundCallTests {
    @Test func aCallIsAnsweredAndHungUpByTheDialer() throws {
        let bed = AgentBed()
        bed.place("call-1")
        #expect(bed.take(AgentBed.dialer)?.status == 100)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(invite.uri == "sip:+12125550199@127.0.0.3:5070")
        #expect(invite.text(.to) == "<sip:+12125550199@127.0.0.3>")
        #expect(invite.text(.from)?.hasPrefix("<sip:3105550100@127.0.0.3>;tag=") == true)
        #expect(invite.body.elementsEqual(AgentBed.sdp.bytes))
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        let ringing = try bed.expect(AgentBed.dialer, "180 INVITE")
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(answer.body.elementsEqual(AgentBed.sdp.bytes))
        #expect(answer.text(.to) == ringing.text(.to))
        #expect(answer.to.tag.map { Array($0) } != Array("alpha".utf8))
        let ack = try bed.expect(AgentBed.alpha, "ACK")
        #expect(ack.uri == "sip:127.0.0.3:5070")
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.run(for: .seconds(60))
        try bed.hangUp(AnsweredCall(invite: invite, answer: answer))
        #expect(
            bed.kinds == [
                .callStarted, .routeChosen, .channelSeized, .attemptSent, .attemptProgressed,
                .attemptAnswered, .callAnswered, .callEnded, .channelReleased,
            ])
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else { return }
        #expect(ended.endedBy == .local && ended.source == .bye)
        bed.expectQuiet()
    }

    @Test func theCarrierHangsUpAndItsChannelIsFreeAtOnce() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "200 BYE")
        #expect(bed.inUse == 0)
        let bye = try bed.expect(AgentBed.dialer, "BYE")
        #expect(bye.text(.to) == call.answer.text(.from))
        bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else { return }
        #expect(ended.endedBy == .remote)
        bed.expectQuiet()
    }

    /// RFC 3261 section 8.1.3.1: no connection counts as a 503.
    @Test func aTrunkThatTakesNoConnectionIsFollowedByTheNext() throws {
        let stream = Endpoint(transport: .tcp, address: AgentBed.alpha.address, port: 5070)
        var configuration = AgentBed.configuration(trunks: [
            AgentBed.trunk(AgentBed.alphaName, stream),
            AgentBed.trunk(AgentBed.betaName, AgentBed.beta),
        ])
        configuration.listeners.append(
            Endpoint(transport: .tcp, address: AgentBed.agentAddress.address, port: 5062))
        let bed = AgentBed(configuration)
        bed.place("call-1")
        let invite = try bed.expect(stream, "INVITE")
        #expect(invite.text(.contact) == "<sip:127.0.0.1:5062;transport=tcp>")
        bed.refuseConnection(stream)
        let next = try bed.expect(AgentBed.beta, "INVITE")
        guard case .attemptFailed(let failed)? = bed.events(.attemptFailed).first else { return }
        #expect(failed.cause == .transport && failed.q850 == .networkOutOfOrder)
        bed.receive(Cast.beta.response(486, to: next), from: AgentBed.beta)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
        bed.expectQuiet()
    }

    @Test func busyGoesBackWithItsCauseAndTriesNoOtherTrunk() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(486, to: invite, headers: ["X-Why: lunch"]), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let busy = try bed.expect(AgentBed.dialer, "486 INVITE")
        #expect(busy.q850Cause == 17)
        #expect(busy.text(named: "X-Why") == "lunch")
        #expect(!bed.hasMail(AgentBed.beta))
        bed.expectQuiet()
    }

    @Test func aRefusedCallTriesTheNextTrunkAndTheReleaseComesFirst() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(503, to: first), from: AgentBed.alpha)
        let second = try bed.expect(AgentBed.beta, "INVITE")
        #expect(first.text(.callID) != second.text(.callID))
        #expect(
            Array(bed.kinds.suffix(4)) == [
                .attemptFailed, .channelReleased, .channelSeized, .attemptSent,
            ])
        bed.receive(
            Cast.beta.response(486, to: second, headers: ["Reason: Q.850;cause=17"]),
            from: AgentBed.beta)
        let busy = try bed.expect(AgentBed.dialer, "486 INVITE")
        #expect(busy.values(of: .reason).map { String(decoding: $0, as: UTF8.self) }.count == 1)
        bed.expectQuiet()
    }

    @Test func theBestAnswerOfAllTrunksGoesBack() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let first = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(408, to: first), from: AgentBed.alpha)
        let second = try bed.expect(AgentBed.beta, "INVITE")
        bed.receive(Cast.beta.response(503, to: second), from: AgentBed.beta)
        #expect(try bed.expect(AgentBed.dialer, "408 INVITE").q850Cause == 102)
        bed.expectQuiet()
    }

    @Test func theCallBeyondTheCapGoesToTheNextTrunk() throws {
        let one = ChannelLimits(total: 1)
        let bed = AgentBed(
            AgentBed.configuration(trunks: [
                AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha, channels: one),
                AgentBed.trunk(AgentBed.betaName, AgentBed.beta, channels: one),
            ]))
        bed.place("call-1")
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        bed.place("call-2")
        _ = try bed.expect(AgentBed.beta, "INVITE")
        bed.discardMail()
        bed.place("call-3")
        let full = try bed.expect(AgentBed.dialer, "503 INVITE")
        #expect(full.q850Cause == 34)
        #expect(!bed.hasMail(AgentBed.alpha) && !bed.hasMail(AgentBed.beta))
        #expect(bed.events(.channelRefused).count == 3)
        guard case .callEnded(let ended)? = bed.events(.callEnded).last else { return }
        #expect(ended.code == .code(503) && ended.q850 == .noCircuitAvailable)
        for id in ["call-1", "call-2"] {
            bed.receive(Cast.dialer.cancel(id), from: AgentBed.dialer)
        }
        bed.expectQuiet()
    }

    @Test func aNumberWithoutRouteIsUnknown() throws {
        let bed = AgentBed()
        bed.receive(
            Cast.dialer.invite("call-1", to: "011442079460958"), from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.dialer, "404 INVITE").q850Cause == 1)
        #expect(bed.kinds == [.callStarted, .callEnded])
        bed.expectQuiet()
    }

    @Test func anEmergencyCallGetsTheReservedChannelAtOnce() throws {
        let rate = CallRateLimit(callsPerSecond: 1)
        var configuration = AgentBed.configuration(trunks: [
            AgentBed.trunk(
                AgentBed.alphaName, AgentBed.alpha,
                channels: .init(total: 2, emergencyReserve: 1), rate: rate)
        ])
        configuration.numbering.emergencyNumbers = ["911"]
        let bed = AgentBed(configuration)
        bed.place("call-1")
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        bed.place("call-2")
        #expect(try bed.expect(AgentBed.dialer, "503 INVITE").q850Cause == 34)
        bed.receive(Cast.dialer.invite("call-3", to: "911"), from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.alpha, "INVITE").uri == "sip:911@127.0.0.3:5070")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.receive(Cast.dialer.cancel("call-3", to: "911"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    /// An agent that has just started knows of no registration.
    @Test func anEmergencyCallIsOfferedToATrunkThatIsNotRegistered() throws {
        let alpha = AgentBed.trunk(
            AgentBed.alphaName, AgentBed.alpha, registration: CallChallengeTests.registration)
        var configuration = AgentBed.configuration(trunks: [alpha])
        configuration.numbering.emergencyNumbers = ["911"]
        let bed = AgentBed(configuration)
        bed.place("call-1")
        #expect(try bed.expect(AgentBed.dialer, "503 INVITE").q850Cause == 38)
        bed.receive(Cast.dialer.invite("call-2", to: "911"), from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(invite.uri == "sip:911@127.0.0.3:5070")
        #expect(bed.events(.channelRefused).count == 2, "it was asked before, as any trunk is")
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "486 INVITE")
    }

    @Test func callsAreSpreadAsTheRouteSays() throws {
        var configuration = AgentBed.configuration()
        configuration.routes[0].policy = .roundRobin
        let bed = AgentBed(configuration)
        for id in ["call-1", "call-2", "call-3"] { bed.place(id) }
        for trunk in [AgentBed.alpha, AgentBed.beta, AgentBed.alpha] {
            _ = try bed.expect(trunk, "INVITE")
        }
        for id in ["call-1", "call-2", "call-3"] {
            bed.receive(Cast.dialer.cancel(id), from: AgentBed.dialer)
        }
        bed.expectQuiet()
    }

    @Test func aBurstWaitsForItsTurnAndACallThatGivesUpGivesItBack() throws {
        let rate = CallRateLimit(callsPerSecond: 1, waitLimit: .seconds(2))
        let bed = AgentBed(
            AgentBed.configuration(trunks: [
                AgentBed.trunk(
                    AgentBed.alphaName, AgentBed.alpha, channels: .init(total: 9), rate: rate)
            ]))
        for id in ["call-1", "call-2", "call-3", "call-4"] { bed.place(id) }
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(!bed.hasMail(AgentBed.alpha))
        bed.receive(Cast.dialer.cancel("call-2"), from: AgentBed.dialer)
        bed.run(for: .milliseconds(1_100))
        #expect(!bed.hasMail(AgentBed.alpha) || bed.take(AgentBed.alpha)?.method == .invite)
        bed.run(for: .milliseconds(1_000))
        #expect(bed.events(.channelRefused).count == 1)
        for id in ["call-1", "call-3"] {
            bed.receive(Cast.dialer.cancel(id), from: AgentBed.dialer)
        }
        bed.expectQuiet()
    }
}
