import Testing
import TrunkEvents

@testable import SIPAgent

/// Calls that were not answered yet when the agent was killed: each is over on both sides. Its
/// caller gets one final answer; who was called gets CANCEL, or ACK and BYE where it has answered.
/// Asserted is what either side gets from the restart on, in order.
@Suite struct RingingRecoveryTests {
    /// T2 + T1, after which nobody who answered in the outage is still silent.
    private static let patience = Nanoseconds.milliseconds(4_510)

    /// An outbound call after a restart, and how many messages had left before.
    private struct Restarted {
        let bed: AgentBed
        let invite: SIPMessage
        let before: Int

        /// What the dialer gets, and what the carrier.
        var ladders: [[String]] {
            [bed.ladder(AgentBed.dialer, from: before), bed.ladder(AgentBed.alpha, from: before)]
        }
    }

    /// Kills the agent in an outbound call.
    ///
    /// - Parameter lost: as many of the last facts were not on the disk.
    private func kill(
        losing lost: Int = 0, headers: [String] = [],
        after step: (AgentBed, SIPMessage) throws -> Void = { _, _ in }
    ) throws -> Restarted {
        let bed = AgentBed()
        bed.receive(Cast.dialer.invite("call-1", headers: headers), from: AgentBed.dialer)
        let invite = try bed.expect(AgentBed.alpha, "INVITE")
        try step(bed, invite)
        let before = bed.sent.count
        bed.crash(downtime: .seconds(2), losing: lost)
        return Restarted(bed: bed, invite: invite, before: before)
    }

    /// Alpha confirms the CANCEL and ends its INVITE.
    private func confirmCancel(_ call: Restarted) throws {
        let cancel = try call.bed.expect(AgentBed.alpha, "CANCEL")
        call.bed.receive(Cast.alpha.response(200, to: cancel), from: AgentBed.alpha)
        call.bed.receive(Cast.alpha.response(487, to: call.invite), from: AgentBed.alpha)
    }

    private func expectOver(
        _ call: Restarted, seizures: Int = 1, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(call.bed.inUse == 0, sourceLocation: location)
        #expect(call.bed.events(.channelSeized).count == seizures, sourceLocation: location)
        #expect(call.bed.events(.channelReleased).count == seizures, sourceLocation: location)
        #expect(call.bed.events(.callAnswered).isEmpty, sourceLocation: location)
        call.bed.expectQuiet(location)
    }

    @Test("Unanswered", arguments: [nil, 100, 180, 183] as [UInt16?])
    func unanswered(status: UInt16?) throws {
        let call = try kill { bed, invite in
            guard let status else { return }
            let body = status == 183 ? AgentBed.sdp : .empty
            bed.receive(Cast.alpha.response(status, to: invite, body: body), from: AgentBed.alpha)
        }
        #expect(call.ladders == [["500 INVITE"], []])
        call.bed.run(for: Self.patience)
        try confirmCancel(call)
        #expect(call.ladders == [["500 INVITE"], ["CANCEL", "ACK"]])
        expectOver(call)
    }

    /// It is the last process's 180 that the caller gives up on.
    @Test func theCallerMayGiveUpAfterTheRestart() throws {
        let call = try kill { bed, invite in try bed.ring(invite) }
        call.bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        #expect(call.ladders == [["500 INVITE", "200 CANCEL"], []])
        call.bed.run(for: Self.patience)
        try confirmCancel(call)
        expectOver(call)
    }

    @Test func ourPrackHadNoAnswer() throws {
        let progress = { (invite: SIPMessage) in
            Cast.alpha.response(
                183, to: invite, headers: EarlyDialogTests.reliable(7), body: AgentBed.sdp)
        }
        let call = try kill { bed, invite in
            bed.receive(progress(invite), from: AgentBed.alpha)
            _ = try bed.expect(AgentBed.alpha, "PRACK")
        }
        call.bed.receive(progress(call.invite), from: AgentBed.alpha)
        let prack = try call.bed.expect(AgentBed.alpha, "PRACK")
        #expect(prack.cseq.number > 10_000, "beyond those that may have left")
        call.bed.receive(Cast.alpha.response(200, to: prack), from: AgentBed.alpha)
        call.bed.run(for: Self.patience)
        try confirmCancel(call)
        #expect(call.ladders == [["500 INVITE"], ["PRACK", "CANCEL", "ACK"]])
        expectOver(call)
    }

    @Test func theCallersPrackHadNotCome() throws {
        var ringing: SIPMessage?
        let call = try kill(headers: ["Require: 100rel"]) { bed, invite in
            ringing = try bed.ring(invite)
        }
        let answer = try #require(ringing)
        call.bed.receive(
            Cast.dialer.request(
                "PRACK", after: answer, sequence: 2,
                headers: ["RAck: \(answer.rseq ?? 0) 1 INVITE"]), from: AgentBed.dialer)
        call.bed.run(for: Self.patience)
        try confirmCancel(call)
        #expect(call.ladders == [["500 INVITE", "481 PRACK"], ["CANCEL", "ACK"]])
        expectOver(call)
    }

    /// The caller had its 487, or had not: it is told again. The carrier's 487 may have been lost.
    @Test(arguments: [true, false])
    func theCallWasBeingCancelled(answersUnasked: Bool) throws {
        let call = try kill { bed, invite in
            try bed.ring(invite)
            bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
            _ = try bed.expect(AgentBed.alpha, "CANCEL")
        }
        if answersUnasked {
            call.bed.receive(Cast.alpha.response(487, to: call.invite), from: AgentBed.alpha)
        } else {
            call.bed.run(for: Self.patience)
            try confirmCancel(call)
        }
        let carrier = answersUnasked ? ["ACK"] : ["CANCEL", "ACK"]
        #expect(call.ladders == [["487 INVITE"], carrier])
        expectOver(call)
    }

    /// Both had left, the facts of it had not reached the disk. The caller sends its CANCEL again.
    @Test func theCancelsFactsWereLost() throws {
        let call = try kill(losing: 1) { bed, _ in
            bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
            #expect(bed.kinds.last == .callEnded)
        }
        call.bed.receive(Cast.dialer.cancel("call-1"), from: AgentBed.dialer)
        call.bed.run(for: Self.patience)
        try confirmCancel(call)
        #expect(call.ladders == [["500 INVITE", "200 CANCEL"], ["CANCEL", "ACK"]])
        expectOver(call)
    }

    /// Nothing of it had left, then: neither the caller's 200 nor the carrier's ACK.
    @Test func theAnswersFactsWereLost() throws {
        let call = try kill(losing: 2) { bed, invite in
            bed.receive(
                Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
            #expect(bed.kinds.suffix(2) == [.attemptAnswered, .callAnswered])
        }
        call.bed.run(for: .seconds(3))
        call.bed.receive(
            Cast.alpha.response(200, to: call.invite, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try call.bed.expect(AgentBed.alpha, "ACK")
        let bye = try call.bed.expect(AgentBed.alpha, "BYE")
        call.bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(call.ladders == [["500 INVITE"], ["ACK", "BYE"]])
        #expect(call.bed.events(.attemptAnswered).count == 1, "the carrier bills it")
        expectOver(call)
    }

    @Test func onlyTheCarriersAnswerWasOnTheDisk() throws {
        let call = try kill(losing: 1) { bed, invite in
            bed.receive(
                Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        }
        _ = try call.bed.expect(AgentBed.alpha, "ACK")
        let bye = try call.bed.expect(AgentBed.alpha, "BYE")
        call.bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(call.ladders == [["500 INVITE"], ["ACK", "BYE"]])
        expectOver(call)
    }

    /// The answer waited for the caller's PRACK of what rang before.
    @Test func theAnswerWasHeld() throws {
        let call = try kill(headers: ["Require: 100rel"]) { bed, invite in
            try bed.ring(invite)
            bed.receive(
                Cast.alpha.response(200, to: invite, body: AgentBed.sdp), from: AgentBed.alpha)
        }
        call.bed.receive(
            Cast.alpha.response(200, to: call.invite, body: AgentBed.sdp), from: AgentBed.alpha)
        _ = try call.bed.expect(AgentBed.alpha, "ACK")
        let bye = try call.bed.expect(AgentBed.alpha, "BYE")
        call.bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        #expect(call.ladders == [["500 INVITE"], ["ACK", "BYE"]])
        expectOver(call)
    }

    @Test func oneTrunkHadBeenGivenUpForAnother() throws {
        let call = try kill { bed, invite in
            bed.receive(Cast.alpha.response(100, to: invite), from: AgentBed.alpha)
            bed.run(for: .seconds(7))
            bed.receive(
                Cast.beta.response(180, to: try bed.expect(AgentBed.beta, "INVITE")),
                from: AgentBed.beta)
        }
        call.bed.run(for: Self.patience)
        try confirmCancel(call)
        let cancel = try call.bed.expect(AgentBed.beta, "CANCEL")
        call.bed.receive(Cast.beta.response(481, to: cancel), from: AgentBed.beta)
        #expect(call.ladders == [["500 INVITE"], ["CANCEL", "ACK"]])
        #expect(call.bed.events(.attemptFailed).count == 2)
        expectOver(call, seizures: 2)
    }

    @Test func theRestartWasKilledToo() throws {
        let call = try kill { bed, invite in try bed.ring(invite) }
        call.bed.run(for: .seconds(1))
        let again = call.bed.sent.count
        call.bed.crash(downtime: .seconds(1))
        call.bed.run(for: Self.patience)
        try confirmCancel(call)
        #expect(call.bed.ladder(AgentBed.dialer, from: again) == ["500 INVITE"])
        #expect(call.bed.ladder(AgentBed.alpha, from: again) == ["CANCEL", "ACK"])
        expectOver(call)
    }

    /// The carrier calls, the dialer rings.
    @Test func anInboundCallRang() throws {
        let bed = AgentBed()
        bed.receive(Cast.alpha.invite("in-1", to: "12125550100"), from: AgentBed.alpha)
        let invite = try bed.expect(AgentBed.dialer, "INVITE")
        bed.receive(Cast.dialer.response(180, to: invite), from: AgentBed.dialer)
        let call = Restarted(bed: bed, invite: invite, before: bed.sent.count)
        bed.crash(downtime: .seconds(2))
        bed.run(for: Self.patience)
        let cancel = try bed.expect(AgentBed.dialer, "CANCEL")
        bed.receive(Cast.dialer.response(200, to: cancel), from: AgentBed.dialer)
        bed.receive(Cast.dialer.response(487, to: invite), from: AgentBed.dialer)
        #expect(call.ladders == [["CANCEL", "ACK"], ["500 INVITE"]])
        expectOver(call)
    }
}
