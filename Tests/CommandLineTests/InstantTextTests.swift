import Foundation
import Projections
import Testing
import TrunkEvents

@testable import trunkledger

/// 2026-11-22 14:03:05.250 UTC.
private let now = WallInstant(nanoseconds: 1_795_356_185_250_000_000)

private func parse(_ text: String, zone: String = "UTC") throws -> String? {
    let zone = try #require(TimeZone(identifier: zone))
    return InstantText(now: now, zone: zone).parse(text).map(\.exactUTCText)
}

@Test(arguments: [
    ("now", "2026-11-22T14:03:05.250000000Z"),
    ("-2h", "2026-11-22T12:03:05.250000000Z"),
    ("-1h30m", "2026-11-22T12:33:05.250000000Z"),
    ("-1d", "2026-11-21T14:03:05.250000000Z"),
    ("-250ms", "2026-11-22T14:03:05.000000000Z"),
    ("09:30", "2026-11-22T09:30:00.000000000Z"),
    ("9:30:15.5", "2026-11-22T09:30:15.500000000Z"),
    ("2026-11-22", "2026-11-22T00:00:00.000000000Z"),
    ("2026-11-22 14:03", "2026-11-22T14:03:00.000000000Z"),
    ("2026-11-22T14:03:07", "2026-11-22T14:03:07.000000000Z"),
    ("2026-11-22T14:03:07.123456789Z", "2026-11-22T14:03:07.123456789Z"),
    ("2026-11-22T14:03:07+02:00", "2026-11-22T12:03:07.000000000Z"),
    ("2026-11-22t14:03:07-05:30", "2026-11-22T19:33:07.000000000Z"),
    ("1969-12-31 23:59:59.5", "1969-12-31T23:59:59.500000000Z"),
    ("2024-02-29", "2024-02-29T00:00:00.000000000Z"),
])
func instantsAreRead(text: String, instant: String) throws {
    #expect(try parse(text) == instant)
}

@Test(arguments: [
    "", "yesterday", "-", "-2", "-2w", "2h", "24:00", "12:60", "12", "2026-13-01", "2026-02-29",
    "2026-11-22T", "2026-11-22 14", "2026-11-22T14:03+2", "2026-11-22T14:03+25:00",
    "2026-11-22 14:03:07.1234567890", "22.11.2026", "3000-01-01", "-999999999d",
])
func whatIsNoInstantIsRefused(text: String) throws {
    #expect(try parse(text) == nil)
}

@Test func localTimesFollowTheZone() throws {
    #expect(
        try parse("2026-07-01 12:00", zone: "Europe/Vienna") == "2026-07-01T10:00:00.000000000Z")
    #expect(
        try parse("2026-12-01 12:00", zone: "Europe/Vienna") == "2026-12-01T11:00:00.000000000Z")
    // Today's 09:30 in Auckland, where it is already the 23rd.
    #expect(try parse("09:30", zone: "Pacific/Auckland") == "2026-11-22T20:30:00.000000000Z")
}

@Test func changingClocksHaveAnAnswer() throws {
    // Clocks go back on 2026-10-25 at 03:00: 02:30 comes twice, the first counts.
    #expect(
        try parse("2026-10-25 02:30", zone: "Europe/Vienna") == "2026-10-25T00:30:00.000000000Z")
    // Clocks go forward on 2026-03-29 at 02:00: 02:30 does not exist.
    #expect(
        try parse("2026-03-29 02:30", zone: "Europe/Vienna") == "2026-03-29T01:30:00.000000000Z")
}
