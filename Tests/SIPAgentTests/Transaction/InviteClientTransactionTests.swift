import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 3261 section 17.1.1.2 and RFC 6026 section 8.4, one transition a test.
@Suite struct InviteClientTransactionTests {
    private let timers = TransactionTimers(TimerSettings())

    @Test func startsTimersAAndB() {
        let invite = InviteClientTransaction(timers)
        #expect(invite.start(timers) == .init(timerA: .milliseconds(500), timerB: .seconds(32)))
    }

    @Test func reliableTransportHasNoTimerAAndNoWaitInCompleted() {
        let reliable = TransactionTimers(TimerSettings(), isReliable: true)
        var invite = InviteClientTransaction(reliable)
        #expect(invite.start(reliable).timerA == nil)
        #expect(invite.receive(.code(486), reliable) == .acknowledge(timerD: .zero))
    }

    @Test func timerADoublesWithoutBound() {
        var invite = InviteClientTransaction(timers)
        for seconds: Int64 in [1, 2, 4, 8, 16] {
            #expect(invite.fire(.a) == .retransmit(again: .seconds(seconds)))
        }
    }

    @Test func timerBTimesOut() {
        var invite = InviteClientTransaction(timers)
        #expect(invite.fire(.b) == .timedOut)
        #expect(invite.receive(.code(200), timers) == .absorb)
    }

    @Test func provisionalStopsRetransmission() {
        var invite = InviteClientTransaction(timers)
        #expect(invite.receive(.code(100), timers) == .proceed(cancelling: nil))
        #expect(invite.fire(.a) == .ignore)
        #expect(invite.fire(.b) == .ignore)
        #expect(invite.receive(.code(180), timers) == .report)
    }

    @Test(arguments: [false, true]) func refusalIsAcknowledgedEachTime(afterRinging: Bool) {
        var invite = InviteClientTransaction(timers)
        if afterRinging { _ = invite.receive(.code(180), timers) }
        #expect(invite.receive(.code(486), timers) == .acknowledge(timerD: .seconds(32)))
        #expect(invite.receive(.code(486), timers) == .acknowledgeAgain)
        #expect(invite.receive(.code(180), timers) == .absorb)
        #expect(invite.fire(.d) == .ended)
    }

    @Test(arguments: [false, true]) func everySuccessIsReported(afterRinging: Bool) {
        var invite = InviteClientTransaction(timers)
        if afterRinging { _ = invite.receive(.code(180), timers) }
        #expect(invite.receive(.code(200), timers) == .accept(timerM: .seconds(32)))
        #expect(invite.receive(.code(200), timers) == .report)
        #expect(invite.receive(.code(486), timers) == .absorb)
        #expect(invite.fire(.m) == .ended)
    }

    @Test func successAfterRefusalIsStray() {
        var invite = InviteClientTransaction(timers)
        _ = invite.receive(.code(503), timers)
        #expect(invite.receive(.code(200), timers) == .stray)
    }

    @Test func cancelWaitsForAProvisional() {
        var invite = InviteClientTransaction(timers)
        #expect(invite.cancel(timers) == .hold)
        #expect(invite.cancel(timers) == .ignore)
        #expect(invite.fire(.a) == .retransmit(again: .seconds(1)))
        #expect(invite.receive(.code(100), timers) == .proceed(cancelling: .seconds(32)))
        #expect(invite.fire(.cancelled) == .timedOut)
    }

    @Test func cancelGoesAtOnceAfterAProvisional() {
        var ringing = InviteClientTransaction(timers)
        _ = ringing.receive(.code(180), timers)
        #expect(ringing.cancel(timers) == .send(patience: .seconds(32)))
        #expect(ringing.cancel(timers) == .ignore)
        #expect(ringing.receive(.code(487), timers) == .acknowledge(timerD: .seconds(32)))
    }

    @Test(arguments: [200, 486]) func cancelAfterTheFinalResponseDoesNothing(status: UInt16) {
        var invite = InviteClientTransaction(timers)
        _ = invite.receive(.code(status), timers)
        #expect(invite.cancel(timers) == .ignore)
    }
}
