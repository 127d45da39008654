import Testing
import TrunkEvents

@testable import SIPAgent

struct WeeklyHoursTests {
    private static let friday = 4 * WeeklyHours.minutesPerDay
    private static let sunday = 6 * WeeklyHours.minutesPerDay

    @Test func hoursHoldFromTheirFirstMinuteToTheirLast() {
        var hours = WeeklyHours()
        hours.insert(from: Self.friday + 480, minutes: 60)
        #expect(!hours.contains(Self.friday + 479) && hours.contains(Self.friday + 480))
        #expect(hours.contains(Self.friday + 539) && !hours.contains(Self.friday + 540))
    }

    @Test func sundayNightGoesOnOnMonday() {
        var hours = WeeklyHours()
        hours.insert(from: Self.sunday + 22 * 60, minutes: 8 * 60)
        #expect(hours.contains(Self.sunday + 1_439) && hours.contains(0))
        #expect(hours.contains(359) && !hours.contains(360))
    }

    @Test func theyAreWrittenAsPeopleWriteThem() {
        var hours = WeeklyHours()
        for day in 0..<5 { hours.insert(from: day * WeeklyHours.minutesPerDay + 480, minutes: 600) }
        hours.insert(from: Self.sunday, minutes: WeeklyHours.minutesPerDay)
        #expect(hours.description == "mon-fri 08:00-18:00, sun 00:00-24:00")
    }
}
