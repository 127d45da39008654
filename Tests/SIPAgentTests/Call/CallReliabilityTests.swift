import Testing
import TrunkEvents

@testable import SIPAgent

/// Callers that take provisional answers reliably (RFC 3262 section 3).
@Suite struct CallReliabilityTests {
    private static let required = ["Require: 100rel"]

    private static func call(
        _ bed: AgentBed, headers: [String] = required, body: Octets = AgentBed.sdp
    ) throws -> SIPMessage {
        bed.receive(
            Cast.dialer.invite("call-1", headers: headers, body: body), from: AgentBed.dialer)
        return try bed.expect(AgentBed.alpha, "INVITE")
    }

    private static func prack(
        _ answer: SIPMessage, sequence: Int = 2, rack: String? = nil, body: Octets = .empty
    ) -> [UInt8] {
        Cast.dialer.request(
            "PRACK", after: answer, sequence: sequence,
            headers: ["RAck: \(rack ?? "\(answer.rseq ?? 0) 1 INVITE")"], body: body)
    }

    @Test func provisionalAnswersAreRepeatedUntilTheyAreAcknowledged() throws {
        let bed = AgentBed()
        let invite = try Self.call(bed)
        #expect(invite.first(.require) == nil, "it is this leg's affair")
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        let ringing = try bed.expect(AgentBed.dialer, "180 INVITE")
        #expect(ringing.lists("100rel", in: .require) && ringing.rseq != nil)
        bed.run(for: .milliseconds(1_600))
        #expect(try bed.expect(AgentBed.dialer, "180 INVITE").bytes == ringing.bytes)
        #expect(try bed.expect(AgentBed.dialer, "180 INVITE").bytes == ringing.bytes)
        bed.receive(
            Cast.alpha.response(183, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        #expect(!bed.hasMail(AgentBed.dialer), "one at a time")
        bed.receive(Self.prack(ringing), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 PRACK")
        let progress = try bed.expect(AgentBed.dialer, "183 INVITE")
        #expect(progress.rseq == ringing.rseq.map { $0 + 1 })
        // The 200 waits for the PRACK of a session description.
        bed.receive(Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        #expect(!bed.hasMail(AgentBed.dialer) && !bed.hasMail(AgentBed.alpha))
        bed.receive(Self.prack(progress, sequence: 3), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 PRACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        _ = try bed.expect(AgentBed.alpha, "ACK")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(Cast.dialer.request("BYE", after: answer, sequence: 4), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    /// The carrier's 2xx is in the log as soon as it comes: killed before the caller's PRACK, the
    /// agent still owes the carrier its ACK, and the channel is held until the BYE is answered.
    @Test func anAnswerThatWaitsOutlivesAKill() throws {
        let bed = AgentBed()
        let invite = try Self.call(bed)
        bed.receive(
            Cast.alpha.response(183, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        #expect(bed.events(.attemptAnswered).count == 1 && bed.events(.callAnswered).isEmpty)
        bed.crash(downtime: .seconds(40))
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bed.inUse == 1)
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0)
    }

    @Test func aCallerThatAcknowledgesNothingIsRefused() throws {
        let bed = AgentBed()
        let invite = try Self.call(bed)
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        bed.run(for: .seconds(32))
        while let message = bed.take(AgentBed.dialer) {
            if message.status != 504 { #expect(message.status == 180 || message.status == 100) }
        }
        guard case .callEnded(let ended)? = bed.events(.callEnded).first else {
            Issue.record("the call has ended")
            return
        }
        #expect(ended.code == .code(504) && ended.source == .timeout)
        _ = try bed.expect(AgentBed.alpha, "CANCEL")
        bed.receive(Cast.alpha.response(487, to: invite), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    @Test func anAnswerThatWaitsIsHungUpWhenTheCallerGivesUp() throws {
        let bed = AgentBed()
        let invite = try Self.call(bed)
        bed.receive(Cast.alpha.response(183, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        #expect(bed.events(.attemptAnswered).count == 1 && bed.events(.callAnswered).isEmpty)
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(bed.inUse == 0 && bed.events(.attemptAnswered).count == 1)
        bed.expectQuiet()
    }

    @Test func anAcknowledgementOfNothingIsUnknownAndAnOfferInOneIsRefused() throws {
        let bed = AgentBed()
        let invite = try Self.call(bed)
        bed.receive(Cast.alpha.response(183, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        let progress = try bed.expect(AgentBed.dialer, "183 INVITE")
        bed.receive(Self.prack(progress, rack: "0 1 INVITE"), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "481 PRACK")
        bed.receive(Self.prack(progress, sequence: 3, body: AgentBed.sdp), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "488 PRACK")
        #expect(!bed.hasMail(AgentBed.alpha))
        // It counts all the same.
        bed.receive(Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(Self.prack(progress, sequence: 4), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "481 PRACK")
        _ = try bed.expect(AgentBed.alpha, "ACK")
        bed.receive(Cast.dialer.request("BYE", after: answer, sequence: 5), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func anOfferOfTheCalleeIsAnsweredInBothAcknowledgements() throws {
        let bed = AgentBed()
        let invite = try Self.call(bed, body: .empty)
        #expect(invite.lists("100rel", in: .supported) && invite.body.isEmpty)
        bed.receive(
            Cast.alpha.response(
                183, to: invite, headers: EarlyDialogTests.reliable(4), body: AgentBed.sdp),
            from: AgentBed.alpha)
        #expect(!bed.hasMail(AgentBed.alpha), "the answer is to come first")
        let progress = try bed.expect(AgentBed.dialer, "183 INVITE")
        #expect(progress.body.elementsEqual(AgentBed.sdp.bytes) && progress.rseq != nil)
        let answerBody = Octets("v=0\r\no=- 2 1 IN IP4 127.0.0.2\r\ns=-\r\nt=0 0\r\n")
        bed.receive(Self.prack(progress, body: answerBody), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 PRACK")
        let prack = try bed.expect(AgentBed.alpha, "PRACK")
        #expect(prack.text(.rack) == "4 1 INVITE")
        #expect(prack.body.elementsEqual(answerBody.bytes))
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func whoMerelySupportsItIsServedAsConfigured() throws {
        let supported = ["Supported: 100rel"]
        let plain = AgentBed()
        var invite = try Self.call(plain, headers: supported)
        plain.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        #expect(try plain.expect(AgentBed.dialer, "180 INVITE").rseq == nil)
        let eager = AgentBed(
            AgentBed.configuration { $0.calls.reliability = .whereSupported })
        invite = try Self.call(eager, headers: supported)
        eager.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        #expect(try eager.expect(AgentBed.dialer, "180 INVITE").rseq != nil)
        let refusing = AgentBed(AgentBed.configuration { $0.calls.reliability = .refused })
        refusing.receive(
            Cast.dialer.invite("call-1", headers: Self.required), from: AgentBed.dialer)
        let refusal = try refusing.expect(AgentBed.dialer, "420 INVITE")
        #expect(refusal.text(.unsupported) == "100rel")
    }
}
