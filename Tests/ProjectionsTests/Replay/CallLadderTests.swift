import Ledger
import Projections
import Testing
import TrunkEvents

@Suite struct CallLadderTests {
    private func outbound() -> LogBuilder {
        var log = LogBuilder()
        let script = CallScript()
        log.add(0, script.started)
        log.add(2, script.seized(inUse: 12))
        log.add(3, script.sent)
        log.add(900, script.progressed(180))
        log.add(4_000, script.answered)
        log.add(4_001, script.callAnswered)
        log.add(9_000, script.ended(.remote, .bye))
        log.add(9_030, script.released(inUse: 11))
        return log
    }

    @Test func messagesGoBetweenTheRightParties() throws {
        let ladder = try #require(CallLadder(outbound().entries))
        #expect(
            ladder.rungs.map(\.line) == [
                .message(from: .dialer, to: .agent, text: "INVITE 13055550101"),
                .note("alpha-1: channel 12 of 50 taken"),
                .message(from: .agent, to: .carrier, text: "INVITE alpha-1"),
                .message(from: .carrier, to: .agent, text: "180 Ringing"),
                .message(from: .carrier, to: .agent, text: "200 OK"),
                .message(from: .agent, to: .dialer, text: "200 OK"),
                .message(from: .carrier, to: .agent, text: "BYE"),
                .note("alpha-1: channel given back, 11 in use"),
            ])
        #expect(ladder.rungs.map(\.position.rawValue) == Array(1...8))
        #expect(
            ladder.rungs.map(\.elapsed.milliseconds) == [
                0, 2, 3, 900, 4_000, 4_001, 9_000, 9_030,
            ])
    }

    @Test func theChannelIsTheSlotThatItTook() throws {
        let ladder = try #require(CallLadder(outbound().entries))
        let channel = try #require(ladder.channels.first)
        #expect(ladder.channels.count == 1)
        #expect(channel.slot == 12)
        #expect(channel.cap == 50)
        #expect(channel.held == .milliseconds(9_028))
        #expect(channel.releasedAt == after(9_030))
    }

    @Test func aClockThatWasSetChangesNoElapsedTime() throws {
        var log = LogBuilder()
        log.add(0, CallScript().started)
        log.wallOffset = -3_600_000
        log.add(500, CallScript().seized())
        let ladder = try #require(CallLadder(log.entries))
        #expect(ladder.rungs.last?.elapsed == .milliseconds(500))
        #expect(ladder.rungs.last?.at == after(500 - 3_600_000))
    }

    @Test func inboundCallsComeFromTheCarrier() throws {
        var log = LogBuilder()
        let script = CallScript(direction: .inbound)
        log.add(0, script.started)
        log.add(1, script.seized())
        log.add(2, script.sent)
        log.add(3, script.failed(.rejected, 486, reason: "Busy Here"))
        log.add(4, script.ended(.local, .finalResponse, 486))
        let ladder = try #require(CallLadder(log.entries))
        #expect(
            ladder.rungs.map(\.line) == [
                .message(from: .carrier, to: .agent, text: "INVITE 13055550101"),
                .note("alpha-1: channel 1 of 50 taken"),
                .message(from: .agent, to: .dialer, text: "INVITE"),
                .message(from: .dialer, to: .agent, text: "486 Busy Here"),
                .message(from: .agent, to: .carrier, text: "486"),
            ])
        #expect(ladder.channels.map(\.held) == [nil])
    }

    @Test func factsWithoutAStartAreNoCall() {
        #expect(CallLadder([]) == nil)
        #expect(CallLadder(Array(outbound().entries.dropFirst())) == nil)
    }
}
