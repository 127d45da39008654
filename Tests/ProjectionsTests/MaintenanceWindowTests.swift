import Testing
import TrunkEvents

@testable import Projections

@Suite struct MaintenanceWindowTests {
    /// 2026-11-22T14:00:00Z is a Sunday.
    private let day = start..<start.advanced(by: .seconds(86_400))

    private func stretches(_ text: String) throws -> [[Int64]] {
        try #require(MaintenanceWindow(text)).stretches(in: day).map {
            [$0.lowerBound, $0.upperBound].map { start.duration(to: $0).count / 1_000_000_000 }
        }
    }

    @Test func onceAndEveryWeek() throws {
        #expect(try stretches("2026-11-22T15:00:00Z/2026-11-22T15:30:00Z") == [[3_600, 5_400]])
        #expect(try stretches("2026-11-20T00:00:00Z/2026-11-22T14:00:01Z") == [[0, 1]])
        #expect(try stretches("2026-11-20T00:00:00Z/2026-11-21T00:00:00Z") == [])
        #expect(try stretches("2026-11-22T10:00-05:00/2026-11-22T15:30:00Z") == [[3_600, 5_400]])
        #expect(try stretches("sun 13:00-14:10") == [[0, 600]])
        #expect(try stretches("sun 13:00-14:10 -05:00") == [[14_400, 18_600]])
        #expect(try stretches("mon 02:00-04:00 UTC") == [[43_200, 50_400]])
        #expect(try stretches("sun") == [[0, 36_000]])
        #expect(try stretches("mon 04:00-02:00") == [[50_400, 86_400]])
        #expect(try stretches("mon-fri 00:00-01:00, sun 23:00-24:00 +01:00") == [
            [28_800, 32_400], [32_400, 36_000],
        ])
    }

    @Test(arguments: [
        "", "02:00", "su", "sun 02:00-02:00", "sun 02:00-04:00 EST", "sun 02:00-04:00 +5",
        "2026-11-22T15:00:00Z", "2026-11-22T15:00:00Z/2026-11-22T15:00:00Z",
        "2026-11-22T15:00:00Z/soon", "2026-11-22T15:00:00/2026-11-22T16:00:00",
        "2026-02-30T15:00:00Z/2026-03-02T15:00:00Z", "2026-11-22T15:00:00Z/2026-11-22T25:00:00Z",
        "2026-11-22/2026-11-23", "1795356000/1795359600",
    ])
    func whatIsNoWindow(text: String) {
        #expect(MaintenanceWindow(text) == nil)
    }

    @Test func aCarrierIsInMaintenanceWhileAllItsTrunksAre() throws {
        var exclusions = UptimeExclusions()
        exclusions.ofTrunks = [
            alpha1: [try #require(MaintenanceWindow("sun 15:00-17:00"))],
            alpha2: [
                try #require(MaintenanceWindow("sun 16:00-18:00")),
                try #require(MaintenanceWindow("sun 17:30-19:00")),
            ],
        ]
        let hours = { (subject: UptimeSubject) in
            exclusions.stretches(
                of: subject, trunks: [alpha1, alpha2], in: day, recorded: MaintenanceHistory()
            ).map {
                [$0.lowerBound, $0.upperBound].map { start.duration(to: $0).count / 1_000_000_000 }
            }
        }
        #expect(hours(.trunk(alpha2, of: alpha)) == [[7_200, 18_000]])
        #expect(hours(.carrier(alpha)) == [[7_200, 10_800]])
        exclusions.everywhere = [try #require(MaintenanceWindow("sun 14:00-14:01"))]
        #expect(hours(.carrier(alpha)) == [[0, 60], [7_200, 10_800]])
    }
}
