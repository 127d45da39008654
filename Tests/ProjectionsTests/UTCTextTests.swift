import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct UTCTextTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_999_999_999, "2000-02-29T00:00:00.999Z"),
        (1_795_356_000_250_000_000, "2026-11-22T14:00:00.250Z"),
        (4_107_542_399_000_000_000, "2100-02-28T23:59:59.000Z"),
        (Int64.max, "2262-04-11T23:47:16.854Z"),
    ] as [(Int64, String)])
    func instants(nanoseconds: Int64, text: String) {
        #expect(WallInstant(nanoseconds: nanoseconds).utcText == text)
    }

    @Test(arguments: [
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (1_795_356_185_250_000_007, "2026-11-22T14:03:05.250000007Z"),
    ] as [(Int64, String)])
    func instantsToTheNanosecond(nanoseconds: Int64, text: String) {
        #expect(WallInstant(nanoseconds: nanoseconds).exactUTCText == text)
    }

    @Test func roundTripsMilliseconds() {
        let seed = Seed(for: "roundTripsMilliseconds")
        var random = seed.generator()
        for _ in 0..<2_000 {
            let range: Range<Int64> = -9_000_000_000_000..<9_000_000_000_000
            let milliseconds = Int64.random(in: range, using: &random)
            let instant = WallInstant(nanoseconds: milliseconds * 1_000_000)
            #expect(WallInstant(utcText: instant.utcText) == instant, "\(seed)")
        }
    }

    @Test(arguments: [
        "", "2026-11-22T14:00:00Z", "2026-13-22T14:00:00.000Z", "2026-11-22 14:00:00.000Z",
        "2026-11-22T14:00:00.00aZ", "9999-11-22T14:00:00.000Z",
    ])
    func otherTextIsRefused(text: String) {
        #expect(WallInstant(utcText: text) == nil)
    }
}
