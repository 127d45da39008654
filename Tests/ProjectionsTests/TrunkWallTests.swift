import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct TrunkWallTests {
    @Test func oneLinePerTrunk() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, channels: 50, .registration)
        log.configure(beta1, of: beta, channels: 30)
        log.add(
            1_000,
            .registrationSucceeded(
                RegistrationSucceeded(trunk: alpha1, registrar: carrierEnd, expiresSeconds: 60)))
        log.add(2_000, CallScript().seized())
        log.add(3_000, CallScript(call: callID(2)).refused(.cap))
        let lines = TrunkWallLine.lines(
            occupancy: try fold(TrunkOccupancy.self, log.entries).state,
            uptime: try fold(CarrierUptime.self, log.entries).state,
            totals: try fold(CallDetailRecords.self, log.entries).state.totals, now: after(4_000))
        #expect(lines.map(\.trunk) == [alpha1, beta1])
        let first = try #require(lines.first)
        #expect(first.inUse == 1 && first.cap == 50 && first.peak == 1 && first.blocked == 1)
        #expect(first.state == .up && first.registers && first.registration?.kind == .registered)
        #expect(first.totals.answerSeizureRatio == nil)
        #expect(lines.last?.state == .unknown && lines.last?.registers == false)
    }

    /// A pause shows until it is over, over a restart too; that of one of several hosts does not.
    @Test(arguments: [(from: Int64(6_000), rests: true), (from: 32_000, rests: false)])
    func aTrunkThatAskedForAPauseRests(_ now: (from: Int64, rests: Bool)) throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, channels: 50)
        log.configure(beta1, of: beta, channels: 30)
        log.add(1_000, .trunkResting(TrunkResting(trunk: alpha1, seconds: 30)))
        log.add(1_000, .trunkResting(TrunkResting(trunk: beta1, host: carrierEnd, seconds: 30)))
        log.boot(at: 5_000)
        let lines = TrunkWallLine.lines(
            occupancy: try fold(TrunkOccupancy.self, log.entries).state,
            uptime: try fold(CarrierUptime.self, log.entries).state, totals: [:],
            now: after(now.from))
        #expect(lines.map(\.restsUntil) == [now.rests ? after(31_000) : nil, nil])
    }
}
