import Testing
import TrunkEvents

@testable import Recorder

@Test(
    arguments: [
        ("500ms", 500_000_000), ("30s", 30_000_000_000), ("5m", 300_000_000_000),
        ("1h", 3_600_000_000_000), ("0s", 0),
    ] as [(String, Int64)])
func durationsHaveUnits(text: String, nanoseconds: Int64) throws {
    #expect(try QuantityText.duration(text) == Nanoseconds(nanoseconds))
}

@Test(arguments: ["", "s", "5 s", "-5s", "5d", "1.5s", "99999999999999999999s", "9999999h", "30"])
func whatIsNoDurationIsRefused(text: String) {
    #expect(throws: TextProblem.self) { try QuantityText.duration(text) }
}

@Test func percentIsOneToHundred() throws {
    #expect(try QuantityText.percent("80%") == 80)
    for text in ["80", "0%", "101%", "%", "8.5%"] {
        #expect(throws: TextProblem.self) { try QuantityText.percent(text) }
    }
}
