import Testing
import TrunkEvents

@testable import SIPAgent

/// Carriers that send their provisional answers reliably (RFC 3262 section 4).
@Suite struct EarlyDialogTests {
    static func reliable(_ sequence: Int) -> [String] {
        ["Require: 100rel", "RSeq: \(sequence)"]
    }

    @Test func aReliableAnswerIsAcknowledgedWhateverTheCallerKnows() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(invite.lists("100rel", in: .supported))
        let progress = Cast.alpha.response(
            183, to: invite, headers: Self.reliable(9), body: AgentBed.sdp)
        bed.receive(progress, from: AgentBed.alpha)
        let prack = try bed.expect(AgentBed.alpha, "PRACK")
        #expect(prack.text(.rack) == "9 1 INVITE")
        #expect(prack.cseq.number == 2 && prack.to.tag?.elementsEqual(Array("alpha".utf8)) == true)
        #expect(prack.uri == "sip:\(Cast.alpha.hostPort)")
        let relayed = try bed.expect(AgentBed.dialer, "183 INVITE")
        #expect(relayed.rseq == nil && relayed.first(.require) == nil)
        bed.receive(Cast.alpha.response(200, to: prack), from: AgentBed.alpha)
        // A copy, and one that overtook another.
        bed.receive(progress, from: AgentBed.alpha)
        bed.receive(
            Cast.alpha.response(180, to: invite, headers: Self.reliable(11)), from: AgentBed.alpha)
        #expect(!bed.hasMail(AgentBed.dialer) && !bed.hasMail(AgentBed.alpha))
        bed.receive(
            Cast.alpha.response(180, to: invite, headers: Self.reliable(10)), from: AgentBed.alpha)
        let second = try bed.expect(AgentBed.alpha, "PRACK")
        #expect(second.text(.rack) == "10 1 INVITE" && second.cseq.number == 3)
        _ = try bed.expect(AgentBed.dialer, "180 INVITE")
        // The 2xx need not repeat the answer that came reliably (RFC 3261 section 13.2.1).
        bed.receive(Cast.alpha.response(200, to: invite), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        #expect(answer.body.elementsEqual(AgentBed.sdp.bytes))
        #expect(answer.text(.contentType) == "application/sdp")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 1), from: AgentBed.dialer)
        bed.receive(Cast.dialer.request("BYE", after: answer, sequence: 2), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        #expect(bye.cseq.number == 4, "beyond the PRACKs")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    @Test func aForkOfTheCarrierHasNumbersOfItsOwn() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        for (tag, rseq) in [("a", 5), ("b", 100), ("a", 6)] {
            bed.receive(
                Cast.alpha.response(180, to: invite, headers: Self.reliable(rseq), tag: tag),
                from: AgentBed.alpha)
            let prack = try bed.expect(AgentBed.alpha, "PRACK")
            #expect(prack.text(.rack) == "\(rseq) 1 INVITE")
            #expect(prack.to.tag?.elementsEqual(Array(tag.utf8)) == true)
        }
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func withoutAnOfferNothingIsSentReliablyToWhoCannotAnswerIt() throws {
        let bed = AgentBed()
        bed.place("call-1", body: .empty)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(!invite.lists("100rel", in: .supported))
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func aTrunkWithout100relIsNotOfferedIt() throws {
        var trunk = AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha)
        trunk.calls.reliability = .refused
        let bed = AgentBed(AgentBed.configuration(trunks: [trunk]))
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        #expect(!invite.lists("100rel", in: .supported))
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func anAcknowledgementIsRepeatedUntilItIsAnswered() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(180, to: invite, headers: Self.reliable(1)), from: AgentBed.alpha)
        let prack = try bed.expect(AgentBed.alpha, "PRACK")
        bed.run(for: .milliseconds(600))
        #expect(try bed.expect(AgentBed.alpha, "PRACK").bytes == prack.bytes)
        bed.receive(Cast.alpha.response(200, to: prack), from: AgentBed.alpha)
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    /// RFC 5057 section 5.1: 481 would end its dialog, and with it the call.
    @Test func aCalleeThatRangUnreliablyMayAsk() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(183, to: invite), from: AgentBed.alpha)
        let stranger = Phone(AgentBed.alpha, tag: "guess")
        let requests = [
            (Cast.alpha, "OPTIONS", "200 OPTIONS"), (Cast.alpha, "UPDATE", "200 UPDATE"),
            (Cast.alpha, "INFO", "500 INFO"), (stranger, "OPTIONS", "481 OPTIONS"),
        ]
        for (number, (phone, method, answer)) in requests.enumerated() {
            bed.receive(
                phone.request(method, within: invite, sequence: number + 1), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.alpha, answer)
        }
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "ACK")
        #expect(bed.inUse == 0)
    }
}
