import Testing
import TrunkEvents

@testable import SIPAgent

/// A crash is: the agent dropped, and another built from the facts alone.
@Suite struct CallContinuingTests {
    private static let hold = Octets(
        "v=0\r\no=- 1 2 IN IP4 127.0.0.2\r\ns=-\r\nt=0 0\r\na=sendonly\r\n")

    /// A call answered so long ago that its ACK is beyond doubt.
    private func settledCall(_ bed: AgentBed) throws -> AnsweredCall {
        let call = try bed.answeredCall()
        bed.run(for: .seconds(95))
        return call
    }

    private func ended(_ bed: AgentBed) throws -> CallEnded {
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else {
            Issue.record("the call has an end")
            throw AgentBed.NothingCame()
        }
        return ended
    }

    /// Between which the call ended.
    private func bounds(_ bed: AgentBed) throws -> CallRecovered {
        guard case .callRecovered(let bounds)? = bed.events(.callRecovered).first else {
            Issue.record("the bounds are recorded")
            throw AgentBed.NothingCame()
        }
        return bounds
    }

    @Test func theDialersByeAfterTheRestartIsRelayed() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        bed.crash(downtime: .seconds(8))
        #expect(bed.inUse == 1 && !bed.hasMail(AgentBed.alpha) && !bed.hasMail(AgentBed.dialer))
        bed.run(for: .milliseconds(4_501))
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 BYE")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bye.cseq.number > 10_000)
        #expect(bye.text(.to) == "\(call.invite.text(.to) ?? "");tag=alpha")
        #expect(bye.text(.from) == call.invite.text(.from))
        #expect(bed.inUse == 1)
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        let end = try ended(bed)
        #expect(end.endedBy == .local && end.source == .bye)
        #expect(bed.events(.callRecovered).isEmpty && bed.events(.callContinued).count == 1)
        bed.expectQuiet()
    }

    @Test func theCarriersByeAfterTheRestartIsRelayed() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        bed.crash(downtime: .seconds(1))
        bed.run(for: .milliseconds(4_501))
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "200 BYE")
        #expect(bed.inUse == 0)
        let bye = try bed.expect(AgentBed.dialer, "BYE")
        #expect(bye.text(.from) == call.answer.text(.to))
        #expect(bye.uri == "sip:3105550100@127.0.0.2:5060")
        bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        let end = try ended(bed)
        #expect(end.endedBy == .remote && end.source == .bye)
        bed.expectQuiet()
    }

    /// It may have been sent at any time since the crash: where a copy came just before the
    /// restart, the next one is sent T2 later, and takes its time to come.
    @Test(arguments: [Nanoseconds.seconds(2), .milliseconds(4_040)])
    func aByeSoonAfterTheRestartHasBounds(_ later: Nanoseconds) throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        let lastFact = try #require(bed.facts.last?.moment.wall)
        bed.crash(downtime: .seconds(8))
        bed.run(for: later)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let bounds = try bounds(bed)
        #expect(bounds.endLowerBound == lastFact && bounds.endUpperBound == bed.now.wall)
        #expect(try ended(bed).source == .bye)
        bed.expectQuiet()
    }

    /// The carrier answers a copy of what the dialer sent in the outage, and hangs up just now; the
    /// dialer may have hung up before, and its next copy is on its way.
    @Test func aByeOfASideThatWasHeardOfHasBoundsWhileTheOtherWasNot() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        let lastFact = try #require(bed.facts.last?.moment.wall)
        bed.crash(downtime: .seconds(8))
        bed.receive(
            Cast.dialer.request("INFO", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let info = try bed.expect(AgentBed.alpha, "INFO")
        bed.receive(Cast.alpha.response(200, to: info), from: AgentBed.alpha)
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        let bounds = try bounds(bed)
        #expect(bounds.endLowerBound == lastFact && bounds.endUpperBound == bed.now.wall)
        #expect(try ended(bed).endedBy == .remote)
    }

    /// Who denies the call to a request that is passed on may have ended it while nobody listened.
    @Test func aPeerThatDeniesARelayedRequestHasEndedWithinBounds() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        let lastFact = try #require(bed.facts.last?.moment.wall)
        bed.crash(downtime: .seconds(8))
        bed.receive(
            Cast.dialer.request("INFO", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let info = try bed.expect(AgentBed.alpha, "INFO")
        bed.receive(Cast.alpha.response(481, to: info), from: AgentBed.alpha)
        let bounds = try bounds(bed)
        #expect(bounds.endLowerBound == lastFact && bounds.endUpperBound == bed.now.wall)
        bed.expectQuiet()
    }

    /// The re-INVITE is sent again, and the peer's transaction repeats an answer of before.
    @Test func anAnswerToARepeatedReinviteProvesNoLife() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: Self.hold),
            from: AgentBed.dialer)
        let reinvite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.crash(downtime: .seconds(3))
        bed.receive(Cast.alpha.response(488, to: reinvite), from: AgentBed.alpha)
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        #expect(bed.events(.callRecovered).count == 1, "the BYE may be one of the outage")
        bed.expectQuiet()
    }

    @Test(arguments: [false, true])
    func aReinviteAfterTheRestartIsRelayed(byCarrier: Bool) throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        bed.crash(downtime: .seconds(1))
        let (from, to) =
            byCarrier ? (AgentBed.alpha, AgentBed.dialer) : (AgentBed.dialer, AgentBed.alpha)
        let reinvite =
            byCarrier
            ? Cast.alpha.request("INVITE", within: call.invite, sequence: 7, body: Self.hold)
            : Cast.dialer.request("INVITE", after: call.answer, sequence: 7, body: Self.hold)
        bed.receive(reinvite, from: from)
        let forwarded = try bed.expect(to, "INVITE")
        #expect(forwarded.cseq.number > 10_000 && forwarded.body.elementsEqual(Self.hold.bytes))
        let answerer = byCarrier ? Cast.dialer : Cast.alpha
        bed.receive(answerer.response(200, to: forwarded, body: AgentBed.sdp), from: to)
        _ = try bed.expect(to, "ACK")
        let answer = try bed.expect(from, "200 INVITE")
        #expect(answer.cseq.number == 7)
        #expect(bed.events(.callModified).count == 1 && bed.events(.callEnded).isEmpty)
        bed.perform { agent, now, output in
            agent.shutdown(hangUpCalls: true, at: now, into: &output)
        }
        bed.expectQuiet()
    }

    /// The re-INVITE that was on its way goes on too, on its own branch.
    @Test func aReinviteOnItsWayAtTheCrashIsFinished() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: Self.hold),
            from: AgentBed.dialer)
        let before = try bed.expect(AgentBed.alpha, "INVITE")
        bed.crash(downtime: .seconds(1))
        let again = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(again.bytes == before.bytes)
        bed.receive(Cast.alpha.response(200, to: again, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(answer.cseq.number == 2)
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 2), from: AgentBed.dialer)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.alpha, "BYE").cseq.number > before.cseq.number)
        bed.expectQuiet()
    }

    @Test func aTargetRefreshBeforeTheCrashIsKept() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        let moved = Phone(AgentBed.endpoint("127.0.0.2", 5099), tag: "dialer")
        bed.receive(
            moved.request("INVITE", after: call.answer, sequence: 2, body: Self.hold),
            from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: forwarded, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(moved.endpoint, "200 INVITE")
        bed.receive(moved.request("ACK", after: answer, sequence: 2), from: AgentBed.dialer)
        bed.run(for: .seconds(60))
        bed.crash(downtime: .seconds(1))
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        let bye = try bed.expect(moved.endpoint, "BYE")
        #expect(bye.uri == "sip:127.0.0.2:5099")
        bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    // freeswitch#2443: the route set was reversed after a recovery.
    @Test func aRecordedRouteIsFollowedAfterTheRestart() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        let routes = ["Record-Route: <sip:127.0.0.9;lr>, <sip:127.0.0.3:5070;lr>"]
        bed.receive(
            Cast.alpha.response(200, to: invite, headers: routes, body: AgentBed.sdp),
            from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.run(for: .seconds(95))
        bed.crash(downtime: .seconds(1))
        bed.receive(
            Cast.dialer.request("BYE", after: answer, sequence: 2), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(
            bye.routes.map { String(decoding: $0.text, as: UTF8.self) }
                == ["<sip:127.0.0.3:5070;lr>", "<sip:127.0.0.9;lr>"])
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    @Test func anAnswerWithoutItsAckIsSentAgain() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        let ack = try bed.expect(AgentBed.alpha, "ACK")
        let before = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.crash(downtime: .seconds(1))
        bed.run(for: .milliseconds(1))
        let again = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(again.bytes == before.bytes)
        bed.receive(
            Cast.dialer.request("ACK", after: again, sequence: 1), from: AgentBed.dialer)
        // The carrier did not get our ACK either: its copy of the 2xx brings it.
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        #expect(try bed.expect(AgentBed.alpha, "ACK").bytes == ack.bytes)
        bed.run(for: .seconds(3))
        #expect(!bed.hasMail(AgentBed.dialer) && !bed.hasMail(AgentBed.alpha))
        bed.receive(
            Cast.dialer.request("BYE", after: again, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "BYE")
        bed.expectQuiet()
    }

    @Test func peersThatAnswerTheProbeKeepTheCall() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        bed.crash(downtime: .seconds(600))
        bed.run(for: .milliseconds(4_550))
        for (peer, phone) in [(AgentBed.alpha, Cast.alpha), (AgentBed.dialer, Cast.dialer)] {
            let probe = try bed.expect(peer, "OPTIONS")
            #expect(probe.to.tag != nil && probe.cseq.number > 10_000)
            bed.receive(phone.response(200, to: probe), from: peer)
        }
        #expect(bed.events(.callInterim).count == 1)
        bed.run(for: .seconds(600))
        #expect(bed.inUse == 1 && bed.events(.callEnded).isEmpty)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        #expect(bed.events(.callRecovered).isEmpty)
        bed.expectQuiet()
    }

    // freeswitch#1235: the records of recovered calls were wrong.
    @Test func aPeerThatDeniesTheCallEndsItAtItsLastSignOfLife() throws {
        let bed = AgentBed()
        _ = try settledCall(bed)
        let lastFact = try #require(bed.facts.last?.moment.wall)
        bed.crash(downtime: .seconds(600))
        bed.run(for: .milliseconds(4_550))
        let probe = try bed.expect(AgentBed.alpha, "OPTIONS")
        bed.receive(Cast.alpha.response(481, to: probe), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "OPTIONS")
        let other = try bed.expect(AgentBed.dialer, "BYE")
        bed.receive(Cast.dialer.response(200, to: other), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(481, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        let bounds = try bounds(bed)
        #expect(bounds.endLowerBound == lastFact && bounds.endUpperBound == bed.now.wall)
        let end = try ended(bed)
        #expect(end.endedBy == .agent && end.source == .recovery)
        bed.expectQuiet()
    }

    @Test func aCallThatNobodyAnswersForIsClosed() throws {
        let bed = AgentBed()
        _ = try settledCall(bed)
        bed.crash(downtime: .seconds(600))
        bed.run(for: .seconds(4 + 33))
        #expect(try ended(bed).source == .recovery && bed.inUse == 1)
        bed.run(for: .seconds(33))
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func aByeIsAnsweredAlikeByTheNextProcess() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        let bye = Cast.alpha.request("BYE", within: call.invite, sequence: 1)
        bed.receive(bye, from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "200 BYE")
        bed.crash(downtime: .seconds(1))
        bed.receive(bye, from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "200 BYE")
        let other = try bed.expect(AgentBed.dialer, "BYE")
        bed.receive(Cast.dialer.response(200, to: other), from: AgentBed.dialer)
        #expect(bed.events(.callEnded).count == 1 && bed.events(.channelReleased).count == 1)
        bed.expectQuiet()
    }

    @Test func aSecondCrashUsesNoSequenceTwiceAndKeepsTheOldEvidence() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        let lastFact = try #require(bed.facts.last?.moment.wall)
        bed.crash(downtime: .seconds(1))
        bed.receive(
            Cast.dialer.request("INFO", after: call.answer, sequence: 2), from: AgentBed.dialer)
        let first = try bed.expect(AgentBed.alpha, "INFO")
        bed.run(for: .seconds(2))
        bed.crash(downtime: .seconds(1))
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bye.cseq.number >= first.cseq.number + 9_000)
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        let bounds = try bounds(bed)
        #expect(bounds.endLowerBound == lastFact)
        #expect(bed.events(.callEnded).count == 1)
        bed.expectQuiet()
    }

    @Test func anInboundCallGoesOn() throws {
        let bed = AgentBed()
        bed.receive(Cast.alpha.invite("in-1", to: "12125550100"), from: AgentBed.alpha)
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(
            Cast.dialer.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.dialer)
        let answer = try bed.expect(AgentBed.alpha, "200 INVITE")
        bed.receive(Cast.alpha.request("ACK", after: answer, sequence: 1), from: AgentBed.alpha)
        bed.run(for: .seconds(40))
        bed.crash(downtime: .seconds(1))
        bed.receive(
            Cast.dialer.request("BYE", within: invite, sequence: 1), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bed.inUse == 1)
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
        bed.expectQuiet()
    }

    @Test func callsLeftByAStopGoOn() throws {
        let bed = AgentBed()
        let call = try settledCall(bed)
        bed.perform { agent, now, output in
            agent.shutdown(hangUpCalls: false, at: now, into: &output)
        }
        #expect(bed.isQuiet && !bed.hasMail(AgentBed.alpha))
        bed.crash(downtime: .seconds(1))
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 2), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "BYE")
        bed.expectQuiet()
    }
}
