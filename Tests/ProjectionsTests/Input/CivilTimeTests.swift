import Testing
import TrunkEvents

@testable import Projections

@Suite struct CivilTimeTests {
    private func read(_ text: String, _ order: CivilTime.DateOrder = .ymd) -> CivilTime? {
        CivilTime(Array(text.utf8)[...], order: order)
    }

    /// 2026-11-22T14:03:05Z.
    private static let second: Int64 = 1_795_356_185

    @Test(arguments: [
        ("2026-11-22 14:03:05", CivilTime.DateOrder.ymd), ("2026-11-22T14:03:05", .mdy),
        ("11/22/2026 14:03:05", .mdy), ("22/11/2026 14:03:05", .dmy),
        ("22.11.26 14:03:05", .dmy), ("11/22/2026 2:03:05 PM", .mdy),
        ("22-Nov-2026 14:03:05", .ymd), ("Nov 22 2026 14:03:05", .ymd), ("20261122140305", .mdy),
    ])
    func clocksWithoutZone(text: String, order: CivilTime.DateOrder) throws {
        let time = try #require(read(text, order))
        #expect(time.seconds == Self.second)
        #expect(time.zoneSeconds == nil && time.precision == .second)
    }

    @Test func zonesFractionsAndEpochs() throws {
        let zoned = try #require(read("2026-11-22T16:03:05.25+02:00"))
        #expect(zoned.nanoseconds(zone: 99) == Self.second * 1_000_000_000 + 250_000_000)
        let west = try #require(read("2026-11-22 09:03:05 -0500"))
        #expect(west.nanoseconds(zone: 0) == Self.second * 1_000_000_000)
        #expect(read("2026-11-22T14:03:05Z")?.zoneSeconds == 0)
        #expect(read("1795356185")?.nanoseconds(zone: 7) == Self.second * 1_000_000_000)
        #expect(read("1795356185250")?.nanoseconds == 250_000_000)
        #expect(read("1795356185.5")?.nanoseconds == 500_000_000)
    }

    @Test func precisionIsWhatTheTextHas() {
        #expect(read("2026-11-22")?.precision == .day)
        #expect(read("2026-11-22 14:03")?.precision == .minute)
        #expect(read("2026-11-22 14:03:05.1")?.precision == .fraction)
        #expect(read("11/22/2026 12:00 AM", .mdy)?.seconds == Self.second - 14 * 3_600 - 185)
    }

    @Test(arguments: [
        "", "yesterday", "2026-02-29", "2026-13-01", "2026-11-22 24:00:00", "2026-11-22 14:60",
        "2026-11-22 14:03:05 Vienna", "22/11/2026", "2026-11-22 13:00 PM", "0000-00-00 00:00:00",
        "2026-11-22 14:03:05Zx",
    ])
    func whatIsNoInstantIsNone(text: String) {
        #expect(read(text) == nil)
    }
}
