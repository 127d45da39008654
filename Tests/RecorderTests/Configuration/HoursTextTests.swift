import SIPAgent
import Testing

@testable import Recorder

@Suite struct HoursTextTests {
    @Test(arguments: [
        ("mon-fri 08:00-18:00", "mon-fri 08:00-18:00"), ("sun", "sun 00:00-24:00"),
        ("08:30-09:00", "mon-sun 08:30-09:00"), ("sat,MON 9:00-24:00", "mon 09:00-24:00, "
            + "sat 09:00-24:00"),
        ("sat-mon 10:00-11:00", "mon 10:00-11:00, sat-sun 10:00-11:00"),
        ("fri 22:00-06:00", "fri 22:00-24:00, sat 00:00-06:00"),
        ("sun 22:00-06:00", "mon 00:00-06:00, sun 22:00-24:00"),
    ])
    func hoursAreRead(text: String, meaning: String) throws {
        var hours = WeeklyHours()
        try HoursText.insert(text, into: &hours)
        #expect(hours.description == meaning)
    }

    @Test(arguments: [
        "", "mo 08:00-18:00", "mon-fri-sun", "mon 8-18", "08:00", "08:00-25:00", "08:60-09:00",
        "08:00-08:00", "mon tue 08:00-09:00", "24:00-06:00", "mon, 08:00-09:00", "-5:00-6:00",
    ])
    func otherTextIsRefused(text: String) {
        var hours = WeeklyHours()
        #expect(throws: TextProblem.self) { try HoursText.insert(text, into: &hours) }
        #expect(hours == WeeklyHours())
    }
}
