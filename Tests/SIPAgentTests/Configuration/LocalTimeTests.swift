import Testing
import TrunkEvents

@testable import SIPAgent

struct LocalTimeTests {
    private func second(_ second: Int64) -> WallInstant {
        WallInstant(nanoseconds: second * 1_000_000_000)
    }

    @Test func theWeekBeginsOnMonday() {
        // 1970-01-01 00:00 was a Thursday, 2026-11-23 00:00 a Monday.
        #expect(LocalTime.utc.minuteOfWeek(at: second(0)) == 3 * 1_440)
        #expect(LocalTime.utc.minuteOfWeek(at: second(1_795_392_000)) == 0)
        #expect(LocalTime.utc.minuteOfWeek(at: second(1_795_391_999)) == 7 * 1_440 - 1)
        #expect(LocalTime.utc.minuteOfWeek(at: second(-60)) == 3 * 1_440 - 1)
    }

    @Test func theClockChangesWhenItIsTold() {
        let change = second(1_795_392_000)
        let time = LocalTime([
            .init(since: second(0), seconds: -4 * 3_600), .init(since: change, seconds: -18_000),
        ])
        #expect(time.minuteOfWeek(at: change) == 7 * 1_440 - 300)
        #expect(time.minuteOfWeek(at: second(1_795_391_940)) == 7 * 1_440 - 241)
        // What lies before the table has its first offset.
        #expect(time.minuteOfWeek(at: second(-60)) == 3 * 1_440 - 241)
    }
}
