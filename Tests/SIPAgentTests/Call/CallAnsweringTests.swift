import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallAnsweringTests {
    @Test func theAnswerIsRepeatedUntilItsAckAndEachCopyFromTheCarrierIsAcknowledged() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        let first = try bed.expect(AgentBed.dialer, "200 INVITE")
        let ack = try bed.expect(AgentBed.alpha, "ACK")
        bed.run(for: .milliseconds(1_600))
        #expect(try bed.expect(AgentBed.dialer, "200 INVITE").bytes == first.bytes)
        #expect(try bed.expect(AgentBed.dialer, "200 INVITE").bytes == first.bytes)
        #expect(!bed.hasMail(AgentBed.dialer))
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        #expect(try bed.expect(AgentBed.alpha, "ACK").bytes == ack.bytes)
        bed.receive(
            Cast.dialer.request("ACK", after: first, sequence: 1), from: AgentBed.dialer)
        bed.run(for: .seconds(10))
        #expect(!bed.hasMail(AgentBed.dialer))
        #expect(bed.events(.attemptAnswered).count == 1)
        try bed.hangUp(AnsweredCall(invite: invite, answer: first))
        bed.expectQuiet()
    }

    @Test func withoutAnAckBothLegsAreHungUp() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        bed.run(for: .seconds(31))
        #expect(bed.events(.callEnded).isEmpty)
        bed.run(for: .seconds(2))
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else {
            Issue.record("the call has ended")
            return
        }
        #expect(ended.endedBy == .agent && ended.source == .timeout)
        bed.expectQuiet()
    }

    @Test func anOfferInTheAnswerIsAnsweredByTheDialersAck() throws {
        let bed = AgentBed()
        bed.place("call-1", body: .empty)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(invite.body.isEmpty)
        bed.receive(
            Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        #expect(!bed.hasMail(AgentBed.alpha))
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1, body: AgentBed.sdp),
            from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.alpha, "ACK").body.elementsEqual(AgentBed.sdp.bytes))
        try bed.hangUp(AnsweredCall(invite: invite, answer: answer))
        bed.expectQuiet()
    }

    @Test func aForkThatAnswersSecondIsHungUp() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.alpha.response(200, to: call.invite, body: AgentBed.sdp, tag: "other"),
            from: AgentBed.alpha)
        let ack = try bed.expect(AgentBed.alpha, "ACK")
        #expect(ack.to.tag.map { Array($0) } == Array("other".utf8))
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bye.to.tag.map { Array($0) } == Array("other".utf8))
        // Neither outruns the answer that is recorded: a crash would leave nothing of the call.
        #expect(bed.sent.suffix(2).map(\.gate) == [.durable, .end])
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 1)
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    @Test func requestsInTheDialogFollowItsRoutesAndItsContact() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        let proxy = AgentBed.endpoint("127.0.0.9", 5099)
        bed.receive(
            Cast.alpha.response(
                200, to: invite,
                headers: ["Record-Route: <sip:p2.example;lr>, <sip:127.0.0.9:5099;lr>"],
                body: AgentBed.sdp), from: AgentBed.alpha)
        let ack = try bed.expect(proxy, "ACK")
        #expect(ack.uri == "sip:127.0.0.3:5070")
        #expect(
            ack.routes.map { String(decoding: $0.text, as: UTF8.self) } == [
                "<sip:127.0.0.9:5099;lr>", "<sip:p2.example;lr>",
            ])
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(answer.recordRoutes.isEmpty)
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(
            Cast.dialer.request("BYE", after: answer, sequence: 2), from: AgentBed.dialer)
        let bye = try bed.expect(proxy, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: proxy)
        bed.expectQuiet()
    }
}
