import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct CallDetailRecordsTests {
    private let call = CallScript()

    private func rows(_ build: (inout LogBuilder) -> Void) throws -> [CDRRow] {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha)
        log.configure(beta1, of: beta)
        build(&log)
        return try fold(CallDetailRecords.self, log.entries).rows
    }

    @Test func answeredOutbound() throws {
        let rows = try rows { log in
            log.add(1_000, call.started)
            log.add(1_010, call.seized(inUse: 3, cap: 50))
            log.add(1_010, call.sent)
            log.add(2_000, call.progressed(183))
            log.add(2_500, call.progressed(180))
            log.add(4_010, call.answered)
            log.add(4_010, call.callAnswered)
            log.add(64_250, call.ended(.remote, .bye, q850: .normalClearing))
            log.add(64_260, call.released())
        }
        let row = try #require(rows.first)
        #expect(rows.count == 1)
        #expect(row.id == "pbx1-5")
        #expect(row.firstPosition.rawValue == 4 && row.lastPosition.rawValue == 12)
        #expect(row.trunk == alpha1 && row.carrier == alpha && row.direction == .outbound)
        #expect(row.aE164 == "+12125550100" && row.bRaw == "13055550101")
        #expect(row.account == "7" && row.dialerReference == "M1122")
        #expect(row.sipCallID == "called@host" && row.dialerCallID == "caller@host")
        #expect(row.fromTag == "our-tag" && row.toTag == "their-tag")
        #expect(row.remote == carrierEnd)
        #expect(row.seizedAt == after(1_010) && row.rangAt == after(2_000))
        #expect(row.answeredAt == after(4_010) && row.endedAt == after(64_250))
        #expect(row.releasedAt == after(64_260))
        #expect(row.setupMilliseconds == 3_000)
        #expect(row.talkMilliseconds == 60_240)
        #expect(row.holdMilliseconds == 63_250)
        #expect(row.disposition == .answered && row.code == .code(200))
        #expect(row.q850 == .normalClearing)
        #expect(row.endedBy == .remote && row.endSource == .bye)
        #expect(row.endUncertaintyMilliseconds == 0)
        #expect(row.inUseAtSeizure == 3 && row.capAtSeizure == 50)
        #expect(row.codec == "opus")
        #expect(row.flags == [])
    }

    @Test func answeredInboundCountsFromOur2xx() throws {
        var call = call
        call.direction = .inbound
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(5, call.sent)
            log.add(100, call.progressed(180))
            log.add(900, call.answered)
            log.add(1_000, call.callAnswered)
            log.add(3_000, call.ended(.local, .bye))
            log.add(3_040, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.sipCallID == "caller@host" && row.dialerCallID == "called@host")
        #expect(row.fromTag == "caller-tag" && row.toTag == "to-caller")
        #expect(row.remote == carrierEnd && row.did == "+13055550101")
        #expect(row.answeredAt == after(1_000))
        #expect(row.setupMilliseconds == 1_000 && row.talkMilliseconds == 2_000)
    }

    @Test func failoverMakesARowPerAttempt() throws {
        var second = call
        second.trunk = beta1
        second.attempt = second.attempt.next
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(200, call.failed(.rejected, 503, reason: "Service Unavailable"))
            log.add(200, call.released())
            log.add(210, second.seized())
            log.add(210, second.sent)
            log.add(900, second.answered)
            log.add(900, second.callAnswered)
            log.add(1_900, second.released())
            log.add(1_910, second.ended(.local, .bye))
        }
        #expect(rows.map(\.trunk) == [alpha1, beta1])
        #expect(rows.map(\.attempt.rawValue) == [1, 2])
        #expect(rows.map(\.disposition) == [.carrierFull, .answered])
        #expect(rows.map(\.call) == [call.call, call.call])
        #expect(rows.map(\.setupMilliseconds) == [200, 690])
        #expect(rows[0].endedBy == .remote && rows[0].endSource == .finalResponse)
        #expect(rows[1].talkMilliseconds == 1_010)
    }

    @Test func callerGaveUp() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(100, call.progressed(180))
            log.add(5_000, call.ended(.local, .cancel))
            log.add(5_030, call.failed(.cancelled, 487, reason: "Request Terminated"))
            log.add(5_030, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.disposition == .cancelled && row.code == .code(487))
        #expect(row.endedBy == .local && row.endSource == .cancel)
        #expect(row.setupMilliseconds == 5_000 && row.talkMilliseconds == 0)
        #expect(row.holdMilliseconds == 5_030 && row.answeredAt == nil)
    }

    @Test func callerGaveUpBeforeAnythingWasSent() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(50, call.released())
            log.add(50, call.ended(.local, .cancel, 487))
        }
        #expect(rows.map(\.disposition) == [.cancelled])
        #expect(rows.first?.remote == nil)
    }

    @Test func a2xxThatCrossedOurCancelIsAnswered() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(5_000, call.ended(.local, .cancel))
            log.add(5_020, call.answered)
            log.add(5_050, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.disposition == .answered && row.flags == ["answered_after_cancel"])
        #expect(row.setupMilliseconds == 5_020 && row.talkMilliseconds == 0)
        #expect(row.endUncertaintyMilliseconds == 30, "until our BYE was answered")
        #expect(row.endedBy == .local && row.endSource == .cancel)
    }

    /// The carrier bills the call until the BYE of the next process.
    @Test func aKillBetweenALate2xxAndItsByeHasBounds() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(50, call.ended(.local, .cancel))
            log.add(3_700, call.answered)
            log.boot(at: 6_280)
            log.add(6_330, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.endedAt == after(3_700) && row.endUncertaintyMilliseconds == 2_630)
    }

    @Test func aLate2xxAfterFailoverIsAnsweredToo() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(6_000, call.failed(.timeout))
            log.add(6_100, call.answered)
            log.add(6_150, call.released())
            log.add(9_000, call.ended(.agent, .finalResponse, 503))
        }
        let row = try #require(rows.first)
        #expect(rows.count == 1)
        #expect(row.disposition == .answered && row.answeredAfterCancel)
        #expect(row.endedBy == .agent && row.endSource == .timeout)
        #expect(row.endedAt == after(6_100))
    }

    @Test func recoveredCallEndsAtItsLastEvidence() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(1_000, call.answered)
            log.add(1_000, call.callAnswered)
            log.add(11_500, .heartbeat(Heartbeat(openCalls: 1)))
            log.boot(at: 20_000)
            log.add(20_001, call.recovered(from: after(11_500), to: after(20_000)))
            log.add(20_100, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.disposition == .answered)
        #expect(row.endedAt == after(11_500) && row.endSource == .recovery)
        #expect(row.endedBy == .agent)
        #expect(row.talkMilliseconds == 10_500)
        #expect(row.endUncertaintyMilliseconds == 8_600, "up to the answer to our BYE")
        #expect(row.holdMilliseconds == 20_100)
    }

    @Test func anEndSeenBeforeTheCrashNeedsNoEstimate() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(1_000, call.answered)
            log.add(5_000, call.ended(.remote, .bye))
            log.boot(at: 20_000)
            log.add(20_000, call.recovered(from: after(5_000), to: after(20_000)))
            log.add(20_100, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.endSource == .bye && row.endUncertaintyMilliseconds == 0)
        #expect(row.talkMilliseconds == 4_000)
    }

    /// One record, measured on the machine's monotonic clock though another process took over and
    /// the wall clock was set forward meanwhile.
    @Test func aCallThatGoesOnHasOneRecord() throws {
        let rows = try rows { log in
            log.clockBoot = 1
            log.restart(at: 0)
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(1_000, call.answered)
            log.add(1_000, call.callAnswered)
            log.wallOffset = 3_600_000
            log.restart(at: 5_000)
            log.add(5_000, call.continued(since: after(1_000)))
            log.add(61_000, call.ended(.remote, .bye))
            log.add(61_000, call.released())
        }
        let row = try #require(rows.first)
        #expect(rows.count == 1 && row.flags == ["continued"])
        #expect(row.talkMilliseconds == 60_000 && row.holdMilliseconds == 61_000)
        #expect(row.endUncertaintyMilliseconds == 0 && row.endSource == .bye)
    }

    /// The BYE may have been sent at any time since the crash, but it says who hung up.
    @Test func aByeSoonAfterTheRestartHasBounds() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(1_000, call.answered)
            log.add(1_000, call.callAnswered)
            log.boot(at: 6_000)
            log.add(6_000, call.continued(since: after(5_000)))
            log.add(7_000, call.recovered(from: after(5_000), to: after(7_000)))
            log.add(7_000, call.ended(.local, .bye))
            log.add(7_100, call.released())
        }
        let row = try #require(rows.first)
        #expect(rows.count == 1 && row.endSource == .bye && row.endedBy == .local)
        #expect(row.talkMilliseconds == 4_000 && row.endUncertaintyMilliseconds == 2_100)
    }

    @Test func theLowerBoundIsMeasuredOnTheCrashedBootsClock() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(1_000, call.answered)
            log.wallOffset = 7_000
            log.add(11_500, .heartbeat(Heartbeat(openCalls: 1)))
            log.boot(at: 20_000)
            log.add(20_000, call.ended(.agent, .recovery, q850: .temporaryFailure))
            log.add(20_000, call.recovered(from: after(18_300), to: after(27_000)))
            log.add(20_100, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.talkMilliseconds == 10_300 && row.endedAt == after(18_300))
        #expect(row.endSource == .recovery && row.q850 == .temporaryFailure)
    }

    @Test func aChannelFreedBeforeTheCrashWaitsForTheBounds() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(1_000, call.answered)
            log.add(5_000, call.released())
            log.boot(at: 9_000)
            log.add(9_000, call.ended(.agent, .recovery))
            log.add(9_000, call.recovered(from: after(5_000), to: after(9_000)))
        }
        #expect(rows.map(\.endUncertaintyMilliseconds) == [4_000])
        #expect(rows.map(\.talkMilliseconds) == [4_000])
    }

    @Test func weHungUpWhatStillRang() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(500, call.progressed(180))
            log.add(900, call.ended(.agent, .admin, 503))
            log.add(930, call.failed(.cancelled, 487))
            log.add(930, call.released())
        }
        #expect(rows.map(\.disposition) == [.failed])
        #expect(rows.map(\.endSource) == [.admin] && rows.map(\.endedBy) == [.agent])
    }

    /// The carrier answered while nobody was there to hear it.
    @Test func answerHeardAfterTheCrash() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(500, call.progressed(180))
            log.boot(at: 9_000)
            log.add(9_000, call.recovered(from: after(500), to: after(9_000)))
            log.add(9_400, call.answered)
            log.add(9_410, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.disposition == .answered && row.talkMilliseconds == 0)
        #expect(row.endUncertaintyMilliseconds == 8_910)
    }

    @Test func ringingCallThatCrashed() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(500, call.progressed(180))
            log.boot(at: 9_000)
            log.add(9_000, call.recovered(from: after(500), to: after(9_000)))
            log.add(9_100, call.failed(.recovery, 487))
            log.add(9_100, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.disposition == .failed && row.endSource == .recovery)
        #expect(row.setupMilliseconds == 500 && row.endUncertaintyMilliseconds == 8_600)
    }

    @Test func wallClockStepDuringACallChangesNoDuration() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(1_000, call.answered)
            log.wallOffset = -3_600_000
            log.add(1_500, .clockStepped(ClockStepped(step: .seconds(-3_600))))
            log.add(31_000, call.ended(.remote, .bye))
            log.add(31_010, call.released())
        }
        let row = try #require(rows.first)
        #expect(row.talkMilliseconds == 30_000 && row.holdMilliseconds == 31_010)
        #expect(row.endedAt == after(31_000 - 3_600_000))
    }

    @Test func acrossBootsTheWallClockMeasures() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.sent)
            log.add(1_000, call.answered)
            log.boot(at: 20_000)
            log.add(26_000, call.ended(.remote, .bye))
            log.add(26_000, call.released())
        }
        #expect(rows.map(\.talkMilliseconds) == [25_000])
    }

    @Test func repeatedFactsMakeNoSecondRow() throws {
        let rows = try rows { log in
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, call.seized())
            log.add(10, call.failed(.rejected, 486))
            log.add(10, call.released())
            log.add(11, call.released())
            log.add(12, call.ended(.remote, .finalResponse, 486))
            log.add(13, call.ended(.remote, .finalResponse, 486))
        }
        #expect(rows.map(\.disposition) == [.busy])
    }

    @Test func callsWithoutAChannelHaveNoRowAndLeaveNothingBehind() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.add(0, call.started)
        log.add(0, call.refused(.cap))
        log.add(1, call.ended(.agent, .finalResponse, 503, q850: .noCircuitAvailable))
        let (state, rows) = try fold(CallDetailRecords.self, log.entries)
        #expect(rows.isEmpty && state.openCallCount == 0)
        #expect(state.completeUntil == after(1))
    }

    @Test func completeUntilTheOldestOpenCall() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.add(100, call.started)
        log.add(100, call.seized())
        log.add(5_000, CallScript(call: callID(2)).started)
        let (state, _) = try fold(CallDetailRecords.self, log.entries)
        #expect(state.completeUntil == after(100) && state.openCallCount == 2)
    }

    @Test func totalsCountWhatIsClosed() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        for number in 1...4 as ClosedRange<UInt32> {
            let call = CallScript(call: callID(number))
            let isAnswered = number == 1
            log.add(0, call.started)
            log.add(0, call.seized())
            log.add(0, isAnswered ? call.answered : call.failed(.rejected, 486))
            log.add(8_000, call.released())
            log.add(8_000, call.ended(.remote, .bye))
        }
        let totals = try fold(CallDetailRecords.self, log.entries).state.totals[alpha1]
        #expect(totals?.seizures == 4 && totals?.answered == 1)
        #expect(totals?.answerSeizureRatio == 0.25)
        #expect(totals?.averageTalkMilliseconds == 8_000)
        #expect(totals?.dispositions == [.answered: 1, .busy: 3])
    }
}
