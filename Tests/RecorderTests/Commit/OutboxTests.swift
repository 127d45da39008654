import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

private let peer = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 5060)
private let start = MonotonicInstant(nanoseconds: 1_000_000_000)

private func message(_ text: String, _ gate: SendGate) -> OutgoingMessage {
    OutgoingMessage(bytes: Array(text.utf8), local: peer, remote: peer, gate: gate)
}

private func text(_ message: OutgoingMessage) -> String {
    String(decoding: message.bytes, as: UTF8.self)
}

private func expect(_ outbox: inout Outbox, admits expected: Bool, _ message: OutgoingMessage) {
    let isAdmitted = outbox.admits(message, at: start)
    #expect(isAdmitted == expected)
}

@Suite struct OutboxTests {
    @Test func nothingWaitsWhenEverythingIsDurable() {
        var outbox = Outbox()
        expect(&outbox, admits: true, message("INVITE", .durable))
        #expect(outbox.isEmpty)
    }

    @Test func messagesLeaveInOrderOnceTheirFactsAreDurable() {
        var outbox = Outbox()
        outbox.recorded()
        expect(&outbox, admits: false, message("A", .durable))
        outbox.recorded()
        expect(&outbox, admits: false, message("B", .durable))
        expect(&outbox, admits: true, message("OPTIONS", .open))
        var sent: [String] = []
        outbox.committed(1) { sent.append(text($0)) }
        #expect(sent == ["A"])
        outbox.committed(1) { sent.append(text($0)) }
        #expect(sent == ["A", "B"])
        #expect(outbox.isEmpty)
    }

    @Test func aSeizureNeverLeavesWithoutItsCommitButAnEndDoes() {
        var outbox = Outbox()
        outbox.recorded()
        expect(&outbox, admits: false, message("INVITE", .durable))
        expect(&outbox, admits: false, message("BYE", .end))
        #expect(outbox.nextDeadline == start.advanced(by: .milliseconds(200)))
        var sent: [String] = []
        outbox.expire(at: start.advanced(by: .milliseconds(199))) { sent.append(text($0)) }
        #expect(sent == [])
        outbox.expire(at: start.advanced(by: .seconds(31))) { sent.append(text($0)) }
        #expect(sent == ["BYE"])
        #expect(outbox.waitingCount == 1)
        // Its transaction has given up by then.
        outbox.expire(at: start.advanced(by: .seconds(32))) { sent.append(text($0)) }
        #expect(sent == ["BYE"])
        #expect(outbox.isEmpty)
    }

    @Test func aRetransmissionDoesNotOvertakeItsOriginal() {
        var outbox = Outbox()
        outbox.recorded()
        expect(&outbox, admits: false, message("INVITE", .durable))
        #expect(outbox.holds(message("INVITE", .open)))
        outbox.committed(1) { _ in }
        #expect(!outbox.holds(message("INVITE", .open)))
    }

    @Test func whatHasNotLeftIsTakenBack() {
        var outbox = Outbox()
        outbox.recorded()
        expect(&outbox, admits: false, message("INVITE", .durable))
        expect(&outbox, admits: false, message("100", .trying))
        let isTaken = outbox.takeBack(message("INVITE", .open))
        let isTakenAgain = outbox.takeBack(message("INVITE", .open))
        #expect(isTaken && !isTakenAgain)
        var sent: [String] = []
        outbox.committed(1) { sent.append(text($0)) }
        #expect(sent == ["100"])
    }
}
