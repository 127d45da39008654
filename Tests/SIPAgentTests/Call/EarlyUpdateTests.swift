import Testing
import TrunkEvents

@testable import SIPAgent

/// UPDATE before the answer (RFC 3311).
@Suite struct EarlyUpdateTests {
    private static let changed = Octets("v=0\r\no=- 1 2 IN IP4 127.0.0.3\r\ns=-\r\nt=0 0\r\n")

    /// A call that rings, with an answer on both legs: what alpha got, what the dialer got.
    private static func ringing(
        _ bed: AgentBed
    ) throws -> (invite: SIPMessage, progress: SIPMessage) {
        bed.receive(
            Cast.dialer.invite("call-1", headers: ["Require: 100rel"]), from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(
                183, to: invite, headers: EarlyDialogTests.reliable(1), body: AgentBed.sdp),
            from: AgentBed.alpha)
        let prack = try bed.expect(AgentBed.alpha, "PRACK")
        bed.receive(Cast.alpha.response(200, to: prack), from: AgentBed.alpha)
        return (invite, try bed.expect(AgentBed.dialer, "183 INVITE"))
    }

    private static func acknowledge(_ bed: AgentBed, _ progress: SIPMessage) throws {
        bed.receive(
            Cast.dialer.request(
                "PRACK", after: progress, sequence: 2,
                headers: ["RAck: \(progress.rseq ?? 0) 1 INVITE"]), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "200 PRACK")
    }

    @Test func anOfferPassesOnceBothLegsHaveAnAnswer() throws {
        let bed = AgentBed()
        let (invite, progress) = try Self.ringing(bed)
        let offer = Cast.alpha.request(
            "UPDATE", within: invite, sequence: 1, body: Self.changed)
        bed.receive(offer, from: AgentBed.alpha)
        #expect(try bed.expect(AgentBed.alpha, "500 UPDATE").retryAfter != nil)
        try Self.acknowledge(bed, progress)
        bed.receive(
            Cast.alpha.request("UPDATE", within: invite, sequence: 2, body: Self.changed),
            from: AgentBed.alpha)
        let update = try bed.expect(AgentBed.dialer, "UPDATE")
        #expect(update.body.elementsEqual(Self.changed.bytes) && update.cseq.number == 1)
        #expect(update.from.tag.map { Array($0) } == progress.to.tag.map { Array($0) })
        bed.receive(
            Cast.dialer.response(200, to: update, body: AgentBed.sdp), from: AgentBed.dialer)
        let answer = try bed.expect(AgentBed.alpha, "200 UPDATE")
        #expect(answer.body.elementsEqual(AgentBed.sdp.bytes) && answer.contact != nil)
        bed.receive(Cast.alpha.response(200, to: invite), from: AgentBed.alpha)
        let accepted = try bed.expect(AgentBed.dialer, "200 INVITE")
        _ = try bed.expect(AgentBed.alpha, "ACK")
        bed.receive(Cast.dialer.request("ACK", after: accepted, sequence: 1), from: AgentBed.dialer)
        bed.receive(
            Cast.alpha.request("BYE", within: invite, sequence: 3), from: AgentBed.alpha)
        let bye = try bed.expect(AgentBed.dialer, "BYE")
        #expect(bye.cseq.number == 2, "beyond the UPDATE")
        bed.receive(Cast.dialer.response(200, to: bye), from: AgentBed.dialer)
        bed.expectQuiet()
    }

    @Test func theDialersOfferReachesTheCalleeThatRings() throws {
        let bed = AgentBed()
        let (_, progress) = try Self.ringing(bed)
        try Self.acknowledge(bed, progress)
        bed.receive(
            Cast.dialer.request("UPDATE", after: progress, sequence: 3, body: Self.changed),
            from: AgentBed.dialer)
        let update = try bed.expect(AgentBed.alpha, "UPDATE")
        #expect(update.cseq.number == 3, "beyond the PRACK")
        // A second one meets the first.
        bed.receive(
            Cast.dialer.request("UPDATE", after: progress, sequence: 4, body: Self.changed),
            from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "500 UPDATE")
        bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        _ = try bed.expect(AgentBed.dialer, "481 UPDATE")
        _ = try bed.expect(AgentBed.dialer, "487 INVITE")
        bed.expectQuiet()
    }

    @Test func withoutAnOfferItMovesItsSenderOnly() throws {
        let bed = AgentBed()
        let (invite, _) = try Self.ringing(bed)
        bed.receive(Cast.alpha.request("UPDATE", within: invite, sequence: 1), from: AgentBed.alpha)
        _ = try bed.expect(AgentBed.alpha, "200 UPDATE")
        #expect(!bed.hasMail(AgentBed.dialer))
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        bed.expectQuiet()
    }

    @Test func whoRangUnreliablyIsToAskAgain() throws {
        let bed = AgentBed()
        bed.place("call-1")
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(Cast.alpha.response(180, to: invite), from: AgentBed.alpha)
        bed.receive(
            Cast.alpha.request("UPDATE", within: invite, sequence: 1, body: Self.changed),
            from: AgentBed.alpha)
        #expect(try bed.expect(AgentBed.alpha, "500 UPDATE").retryAfter != nil)
        bed.receive(Cast.alpha.response(486, to: invite), from: AgentBed.alpha)
        bed.expectQuiet()
    }
}
