import Foundation
import Testing
import TrunkEvents

@testable import trunkledger

@Test func instantsShowInTheZoneThatWasAskedFor() throws {
    let instant = WallInstant(nanoseconds: 1_795_356_185_250_999_999)
    let vienna = InstantFormat(zone: try #require(TimeZone(identifier: "Europe/Vienna")))
    #expect(vienna.people(instant) == "2026-11-22 15:03:05.250")
}

@Test(
    arguments: [
        (0, "0ms"), (999, "999ms"), (1_000, "1.0s"), (59_999, "59.9s"), (67_000, "1m 07s"),
        (3_599_999, "59m 59s"), (7_500_000, "2h 05m"), (273_600_000, "3d 04h"),
    ] as [(Int64, String)])
func spansAreShort(milliseconds: Int64, text: String) {
    #expect(SpanText.people(milliseconds: milliseconds) == text)
}
