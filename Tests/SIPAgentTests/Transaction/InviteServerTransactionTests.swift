import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 3261 section 17.2.1 and RFC 6026 section 8.6, one transition a test.
@Suite struct InviteServerTransactionTests {
    private let timers = TransactionTimers(TimerSettings())

    @Test func repeatsTheLastProvisional() {
        var invite = InviteServerTransaction()
        #expect(invite.receiveInvite() == .absorb)
        #expect(invite.respond(.code(100), timers) == .send)
        #expect(invite.receiveInvite() == .resend)
        #expect(invite.respond(.code(180), timers) == .send)
    }

    @Test func refusalIsRepeatedUntilTheACK() {
        var invite = InviteServerTransaction()
        let start = InviteServerTransaction.RespondAction.complete(
            timerG: .milliseconds(500), timerH: .seconds(32))
        #expect(invite.respond(.code(486), timers) == start)
        for seconds: Int64 in [1, 2, 4, 4] {
            #expect(invite.fire(.g, timers) == .retransmit(again: .seconds(seconds)))
        }
        #expect(invite.receiveInvite() == .resend)
        #expect(invite.respond(.code(200), timers) == .discard)
        #expect(invite.receiveAck(timers) == .confirm(timerI: .seconds(5)))
    }

    @Test func confirmedAbsorbsACKsAndINVITEs() {
        var invite = InviteServerTransaction()
        _ = invite.respond(.code(486), timers)
        _ = invite.receiveAck(timers)
        #expect(invite.receiveAck(timers) == .absorb)
        #expect(invite.receiveInvite() == .absorb)
        #expect(invite.fire(.g, timers) == .ignore)
        #expect(invite.fire(.i, timers) == .ended)
    }

    @Test func timerHReportsTheMissingACK() {
        var invite = InviteServerTransaction()
        _ = invite.respond(.code(486), timers)
        #expect(invite.fire(.h, timers) == .timedOut)
        #expect(invite.receiveAck(timers) == .absorb)
    }

    @Test func acceptedPassesACKsUpAndFurther2xxDown() {
        var invite = InviteServerTransaction()
        #expect(invite.respond(.code(200), timers) == .accept(timerL: .seconds(32)))
        #expect(invite.receiveInvite() == .absorb)
        #expect(invite.receiveAck(timers) == .report)
        #expect(invite.respond(.code(200), timers) == .sendAgain)
        #expect(invite.respond(.code(486), timers) == .discard)
        #expect(invite.fire(.l, timers) == .ended)
    }

    @Test func reliableTransportHasNoTimerGAndNoWaitInConfirmed() {
        let reliable = TransactionTimers(TimerSettings(), isReliable: true)
        var invite = InviteServerTransaction()
        let start = InviteServerTransaction.RespondAction.complete(
            timerG: nil, timerH: .seconds(32))
        #expect(invite.respond(.code(486), reliable) == start)
        #expect(invite.receiveAck(reliable) == .confirm(timerI: .zero))
    }

    @Test func anEarlyACKIsAbsorbed() {
        var invite = InviteServerTransaction()
        #expect(invite.receiveAck(timers) == .absorb)
    }
}
