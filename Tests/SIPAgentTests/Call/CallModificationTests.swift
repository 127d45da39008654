import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallModificationTests {
    private static let hold = Octets(
        "v=0\r\no=- 1 2 IN IP4 127.0.0.2\r\ns=-\r\nt=0 0\r\na=sendonly\r\n")

    @Test func theDialerPutsTheCallOnHold() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: Self.hold),
            from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(forwarded.body.elementsEqual(Self.hold.bytes))
        #expect(forwarded.to.tag.map { Array($0) } == Array("alpha".utf8))
        #expect(forwarded.cseq.number == 2)
        bed.receive(
            Cast.alpha.response(200, to: forwarded, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(answer.cseq.number == 2)
        bed.run(for: .milliseconds(600))
        #expect(try bed.expect(AgentBed.dialer, "200 INVITE").bytes == answer.bytes)
        bed.receive(
            Cast.dialer.request("ACK", after: answer, sequence: 2), from: AgentBed.dialer)
        guard case .callModified(let modified)? = bed.events(.callModified).first else {
            Issue.record("the change is recorded")
            return
        }
        #expect(modified.initiator == .caller && modified.code == .code(200))
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 3), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bye.cseq.number == 3)
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    @Test func theCarrierAsksForAnOfferAndGetsTheAnswerInItsAck() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.alpha.request("INVITE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        let forwarded = try bed.expect(AgentBed.dialer, "INVITE")
        #expect(forwarded.body.isEmpty)
        bed.receive(
            Cast.dialer.response(200, to: forwarded, body: AgentBed.sdp), from: AgentBed.dialer)
        let answer = try bed.expect(AgentBed.alpha, "200 INVITE")
        #expect(!bed.hasMail(AgentBed.dialer))
        bed.receive(
            Cast.alpha.request("ACK", within: call.invite, sequence: 1, body: Self.hold),
            from: AgentBed.alpha)
        #expect(answer.body.elementsEqual(AgentBed.sdp.bytes))
        #expect(try bed.expect(AgentBed.dialer, "ACK").body.elementsEqual(Self.hold.bytes))
        try bed.hangUp(call)
        bed.expectQuiet()
    }

    @Test func reinvitesThatMeetGet491AndTheCallGoesOn() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: Self.hold),
            from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.request("INVITE", within: call.invite, sequence: 1, body: Self.hold),
            from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "491 INVITE")
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 3, body: Self.hold),
            from: AgentBed.dialer)
        #expect(try bed.expect(AgentBed.dialer, "500 INVITE").retryAfter != nil)
        bed.receive(Cast.alpha.response(491, to: forwarded), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "491 INVITE")
        #expect(bed.events(.callModified).isEmpty)
        bed.receive(
            Cast.dialer.request("BYE", after: call.answer, sequence: 4), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func aReinviteThatFindsNoDialogEndsTheCall() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: Self.hold),
            from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(481, to: forwarded), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "481 INVITE")
        _ = try bed.expect(AgentBed.dialer, "BYE")
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else {
            Issue.record("the call has ended")
            return
        }
        #expect(ended.endedBy == .remote && ended.source == .finalResponse)
        bed.expectQuiet()
    }

    @Test func aByeDuringAReinviteAnswersIt() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: Self.hold),
            from: AgentBed.dialer)
        let forwarded = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "487 INVITE")
        _ = try bed.expect(AgentBed.dialer, "BYE")
        bed.receive(Cast.alpha.response(487, to: forwarded), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    @Test func infoUpdateAndOptionsInsideTheCall() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        let digits = Octets("Signal=5\r\nDuration=160\r\n")
        bed.receive(
            Cast.dialer.request("INFO", after: call.answer, sequence: 2, body: digits),
            from: AgentBed.dialer)
        let info = try bed.expect(AgentBed.alpha, "INFO")
        #expect(info.body.elementsEqual(digits.bytes))
        bed.receive(Cast.alpha.response(200, to: info), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.dialer, "200 INFO")
        bed.receive(
            Cast.alpha.request("UPDATE", within: call.invite, sequence: 1, body: Self.hold),
            from: AgentBed.alpha)
        let update = try bed.expect(AgentBed.dialer, "UPDATE")
        bed.run(for: .seconds(33))
        _ = try bed.expect(AgentBed.alpha, "408 UPDATE")
        #expect(update.contact != nil)
        bed.receive(
            Cast.dialer.request("OPTIONS", after: call.answer, sequence: 3), from: AgentBed.dialer)
        while let message = bed.take(AgentBed.dialer) {
            if message.cseq.method == .options { #expect(message.status == 200) }
        }
        bed.receive(
            Cast.dialer.request("REFER", after: call.answer, sequence: 4), from: AgentBed.dialer)
        let allow = try bed.expect(AgentBed.dialer, "405 REFER").text(.allow)
        #expect(allow?.contains("INVITE") == true)
        try bed.hangUp5(call)
        bed.expectQuiet()
    }

    /// That a request under way leads nowhere tells of the end.
    @Test func aByeEndsTheReinviteUnderWayOnceTheEndIsOnDisk() throws {
        let bed = AgentBed()
        let call = try bed.answeredCall()
        bed.receive(
            Cast.dialer.request("INVITE", after: call.answer, sequence: 2, body: AgentBed.sdp),
            from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.request("BYE", within: call.invite, sequence: 1), from: AgentBed.alpha)
        let refusal = try #require(
            bed.sent.first { Octets($0.bytes).description.hasPrefix("SIP/2.0 487") })
        #expect(refusal.gate == .end)
        bed.expectQuiet()
    }
}

extension AgentBed {
    fileprivate func hangUp5(_ call: AnsweredCall) throws {
        receive(Cast.dialer.request("BYE", after: call.answer, sequence: 5), from: Self.dialer)
        let bye = try expect(Self.alpha, "BYE")
        receive(Cast.alpha.response(200, to: bye), from: Self.alpha)
    }
}
