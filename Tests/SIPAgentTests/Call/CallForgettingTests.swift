import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallForgettingTests {
    private static func call(_ bed: AgentBed) throws -> Call {
        let id = try #require(Array(bed.agent.calls.keys).first)
        let call = bed.agent.calls[id]?.call
        return try #require(call)
    }

    private static func isForgotten(_ message: SIPMessage) -> Bool {
        message.bytes == SIPMessage.forgotten.bytes
    }

    @Test func aHeldCallKeepsNoInviteAndGoesOn() throws {
        let bed = AgentBed()
        let answered = try bed.answeredCall()
        bed.run(for: .seconds(31))
        #expect(!Self.isForgotten(try Self.call(bed).attempts[0].invite))
        bed.run(for: .seconds(2))
        let call = try Self.call(bed)
        #expect(Self.isForgotten(call.caller.invite))
        #expect(Self.isForgotten(call.attempts[0].invite))
        #expect(call[.called(0)]?.acknowledgement == nil)
        #expect(bed.agent.board.callers.isEmpty && bed.agent.board.owners.isEmpty)
        #expect(bed.agent.status.timers == 0)

        // Our own INVITE that comes back is a loop still.
        let back = Octets(answered.invite.bytes).description
            .replacing("branch=z9hG4bK", with: "branch=z9hG4bKback")
        bed.receive(Array(back.utf8), from: AgentBed.alpha)
        #expect(try bed.expect(AgentBed.alpha, "482 INVITE").status == 482)
        try bed.hangUp(answered)
        bed.expectQuiet()
    }

    @Test func aReinviteThatWasAnsweredIsForgottenToo() throws {
        let bed = AgentBed()
        let answered = try bed.answeredCall()
        bed.run(for: .seconds(40))
        bed.receive(
            Cast.dialer.request("INVITE", after: answered.answer, sequence: 2, body: AgentBed.sdp),
            from: AgentBed.dialer)
        let reinvite = try bed.expect(AgentBed.alpha, "INVITE")
        bed.receive(
            Cast.alpha.response(200, to: reinvite, body: AgentBed.sdp), from: AgentBed.alpha)
        let ack = try bed.expect(AgentBed.alpha, "ACK")
        let answer = try bed.expect(AgentBed.dialer, "200 INVITE")
        bed.receive(Cast.dialer.request("ACK", after: answer, sequence: 2), from: AgentBed.dialer)
        bed.run(for: .seconds(20))
        bed.receive(
            Cast.alpha.response(200, to: reinvite, body: AgentBed.sdp), from: AgentBed.alpha)
        #expect(try bed.expect(AgentBed.alpha, "ACK").bytes == ack.bytes)
        bed.run(for: .seconds(20))
        #expect(try Self.call(bed)[.called(0)]?.acknowledgement == nil)
        bed.receive(Cast.dialer.request("BYE", after: answer, sequence: 3), from: AgentBed.dialer)
        let bye = try bed.expect(AgentBed.alpha, "BYE")
        bed.receive(Cast.alpha.response(200, to: bye), from: AgentBed.alpha)
        bed.expectQuiet()
    }
}
