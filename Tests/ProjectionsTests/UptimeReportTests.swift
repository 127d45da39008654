import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct UptimeReportTests {
    private func log() -> LogBuilder {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha)
        log.add(
            10_000,
            .trunkReachable(
                TrunkReachable(trunk: alpha1, code: .code(200), roundTrip: .milliseconds(1))))
        log.add(40_000, .trunkUnreachable(TrunkUnreachable(trunk: alpha1, cause: .timeout)))
        log.add(
            50_000,
            .trunkReachable(
                TrunkReachable(trunk: alpha1, code: .code(200), roundTrip: .milliseconds(1))))
        return log
    }

    private func reports(
        from: Int64, to: Int64, now: Int64, without exclusions: UptimeExclusions = .init()
    ) throws -> [UptimeReport] {
        let (state, rows) = try fold(CarrierUptime.self, log().entries)
        return UptimeReport.reports(
            closed: rows, uptime: state, from: after(from), to: after(to), now: after(now),
            exclusions: exclusions)
    }

    @Test func timesAreCutToTheRange() throws {
        let reports = try reports(from: 5_000, to: 100_000, now: 60_000)
        #expect(reports.map(\.subject) == [.carrier(alpha), .trunk(alpha1, of: alpha)])
        let trunk = try #require(reports.last)
        #expect(trunk.up == .seconds(40) && trunk.down == .seconds(10))
        #expect(trunk.unknown == .seconds(5) && trunk.availability == 0.8)
        #expect(trunk.state == .up)
        #expect(trunk.outages.map(\.from) == [after(40_000)])
        #expect(trunk.outages.map(\.to) == [after(50_000)])
        #expect(trunk.outages.map(\.cause.description) == ["probe timed out"])
    }

    @Test func maintenanceCountsNeitherWay() throws {
        var exclusions = UptimeExclusions()
        exclusions.everywhere = [.once(after(38_000)..<after(44_000))]
        let trunk = try #require(
            try reports(from: 5_000, to: 100_000, now: 60_000, without: exclusions).last)
        #expect(trunk.up == .seconds(38) && trunk.down == .seconds(6))
        #expect(trunk.excluded == .seconds(6) && trunk.unknown == .seconds(5))
        #expect(trunk.outages.map(\.from) == [after(44_000)])
        #expect(trunk.outages.map(\.to) == [after(50_000)])
    }

    /// The windows that the log holds: two of alpha-1 while the outage lasts, then none.
    @Test func maintenanceIsInTheLog() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        let dated: Octets = "2026-11-22T14:00:38Z/2026-11-22T14:00:44Z"
        log.configure(alpha1, of: alpha)
        log.add(
            10_000,
            .trunkReachable(
                TrunkReachable(trunk: alpha1, code: .code(200), roundTrip: .milliseconds(1))))
        log.add(40_000, .trunkUnreachable(TrunkUnreachable(trunk: alpha1, cause: .timeout)))
        log.configure(alpha1, of: alpha, maintenance: [dated], at: 41_000)
        log.configure(alpha1, of: alpha, at: 50_000)
        let (state, rows) = try fold(CarrierUptime.self, log.entries)
        func report(_ exclusions: UptimeExclusions) throws -> UptimeReport {
            try #require(
                UptimeReport.reports(
                    closed: rows, uptime: state, from: start, to: after(60_000),
                    now: after(60_000), exclusions: exclusions
                ).last)
        }
        let recorded = try report(UptimeExclusions())
        #expect(recorded.excluded == .seconds(6) && recorded.down == .seconds(16))
        #expect(recorded.up == .seconds(28) && recorded.unknown == .seconds(10))
        var others = UptimeExclusions()
        others.ofTrunks = [:]
        #expect(try report(others).excluded == .zero)
    }

    /// The outage lasts ten seconds, also where the range cuts it.
    @Test(arguments: [(9, 1), (10, 1), (11, 0)])
    func aShortOutageIsNone(minimum: Int64, outages: Int) throws {
        var exclusions = UptimeExclusions()
        exclusions.minimumOutage = .seconds(minimum)
        let trunk = try #require(
            try reports(from: 45_000, to: 60_000, now: 60_000, without: exclusions).last)
        #expect(trunk.outages.count == outages)
        #expect(trunk.availability == (outages == 0 ? 1 : 2.0 / 3))
    }

    @Test func anOutageIsCutToTheRangeToo() throws {
        let trunk = try #require(try reports(from: 45_000, to: 48_000, now: 60_000).last)
        #expect(trunk.availability == 0 && trunk.state == .down)
        #expect(trunk.outages.map(\.from) == [after(45_000)])
        #expect(trunk.outages.map(\.to) == [after(48_000)])
    }

    @Test func anAgentThatFellSilentKnowsNothing() throws {
        let trunk = try #require(try reports(from: 50_000, to: 350_000, now: 350_000).last)
        #expect(trunk.up == .zero && trunk.unknown == .seconds(300))
        #expect(trunk.state == .unknown && trunk.availability == nil)
        #expect(trunk.cause.kind == .agentSilent)
    }
}
