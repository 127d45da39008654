import Testing

@testable import TrunkEvents

@Suite struct WeeklyHoursTests {
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

    @Test(arguments: [
        ("mon-fri 08:00-18:00", "mon-fri 08:00-18:00"), ("sun", "sun 00:00-24:00"),
        ("08:30-09:00", "mon-sun 08:30-09:00"),
        ("mon-fri 08:00-18:00, SAT 9:00-24:00", "mon-fri 08:00-18:00, sat 09:00-24:00"),
        ("sat-mon 10:00-11:00", "mon 10:00-11:00, sat-sun 10:00-11:00"),
        ("fri 22:00-06:00", "fri 22:00-24:00, sat 00:00-06:00"),
        ("sun 22:00-06:00", "mon 00:00-06:00, sun 22:00-24:00"),
    ])
    func hoursAreReadAndWritten(text: String, meaning: String) {
        #expect(WeeklyHours(text)?.description == meaning)
    }

    @Test(arguments: [
        "", "mo 08:00-18:00", "mon-fri-sun", "mon 8-18", "08:00", "08:00-25:00", "08:60-09:00",
        "08:00-08:00", "mon tue 08:00-09:00", "24:00-06:00", "mon,", "-5:00-6:00",
    ])
    func otherTextIsRefused(text: String) {
        #expect(WeeklyHours(text) == nil)
    }
}
