import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 3261 section 17.2.2, one transition a test.
@Suite struct NonInviteServerTransactionTests {
    private let timers = TransactionTimers(TimerSettings())

    @Test func tryingAbsorbsCopies() {
        var bye = NonInviteServerTransaction()
        #expect(bye.receiveRequest() == .absorb)
    }

    @Test func proceedingRepeatsItsProvisional() {
        var bye = NonInviteServerTransaction()
        #expect(bye.respond(.code(100), timers) == .send)
        #expect(bye.respond(.code(100), timers) == .send)
        #expect(bye.receiveRequest() == .resend)
    }

    @Test(arguments: [false, true]) func completedRepeatsItsFinal(afterProvisional: Bool) {
        var bye = NonInviteServerTransaction()
        if afterProvisional { _ = bye.respond(.code(100), timers) }
        #expect(bye.respond(.code(200), timers) == .complete(timerJ: .seconds(32)))
        #expect(bye.receiveRequest() == .resend)
        #expect(bye.respond(.code(500), timers) == .discard)
        #expect(bye.fire(.j) == .ended)
        #expect(bye.receiveRequest() == .absorb)
    }

    @Test func reliableTransportDoesNotLinger() {
        let reliable = TransactionTimers(TimerSettings(), isReliable: true)
        var bye = NonInviteServerTransaction()
        #expect(bye.respond(.code(200), reliable) == .complete(timerJ: .zero))
    }
}
