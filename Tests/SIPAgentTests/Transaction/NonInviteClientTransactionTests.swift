import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 3261 section 17.1.2.2, one transition a test.
@Suite struct NonInviteClientTransactionTests {
    private let timers = TransactionTimers(TimerSettings())

    @Test func startsTimersEAndF() {
        let bye = NonInviteClientTransaction(timers)
        #expect(bye.start(timers) == .init(timerE: .milliseconds(500), timerF: .seconds(32)))
    }

    @Test func timerEDoublesUpToT2() {
        var bye = NonInviteClientTransaction(timers)
        for seconds: Int64 in [1, 2, 4, 4] {
            #expect(bye.fire(.e, timers) == .retransmit(again: .seconds(seconds)))
        }
    }

    @Test func provisionalSlowsRetransmissionToT2() {
        var bye = NonInviteClientTransaction(timers)
        #expect(bye.receive(.code(100), timers) == .report)
        #expect(bye.fire(.e, timers) == .retransmit(again: .seconds(4)))
        #expect(bye.receive(.code(100), timers) == .report)
    }

    @Test(arguments: [false, true]) func finalResponseIsReportedOnce(afterProvisional: Bool) {
        var bye = NonInviteClientTransaction(timers)
        if afterProvisional { _ = bye.receive(.code(100), timers) }
        #expect(bye.receive(.code(200), timers) == .complete(timerK: .seconds(5)))
        #expect(bye.receive(.code(200), timers) == .absorb)
        #expect(bye.fire(.f, timers) == .ignore)
        #expect(bye.fire(.k, timers) == .ended)
    }

    @Test(arguments: [false, true]) func timerFTimesOut(afterProvisional: Bool) {
        var bye = NonInviteClientTransaction(timers)
        if afterProvisional { _ = bye.receive(.code(100), timers) }
        #expect(bye.fire(.f, timers) == .timedOut)
        #expect(bye.receive(.code(200), timers) == .absorb)
    }

    @Test func reliableTransportNeitherResendsNorLingers() {
        let reliable = TransactionTimers(TimerSettings(), isReliable: true)
        var bye = NonInviteClientTransaction(reliable)
        #expect(bye.start(reliable).timerE == nil)
        #expect(bye.receive(.code(200), reliable) == .complete(timerK: .zero))
    }
}
