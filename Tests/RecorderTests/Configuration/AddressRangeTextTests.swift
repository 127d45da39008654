import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

@Test(arguments: [
    "127.0.0.2", "10.0.0.0/24", "0.0.0.0/0", "2001:db8::/32", "::1",
])
func rangesReadBackAsWritten(text: String) throws {
    #expect(try AddressRangeText.parse(text)?.description == text)
}

@Test func hostNamesAreLeftToTheLookup() throws {
    #expect(try AddressRangeText.parse("pbx.example") == nil)
}

@Test(arguments: ["10.0.0.0/33", "10.0.0.0/", "10.0.0/8", "::1/129", "127.0.0.1:5060", "", "a b"])
func whatIsNoSourceIsRefused(text: String) {
    #expect(throws: TextProblem.self) { try AddressRangeText.parse(text) }
}

@Test(arguments: [
    ("10.0.0.0/8", "10.1.2.3", true), ("10.1.2.3", "10.0.0.0/8", true),
    ("10.0.0.0/24", "10.0.1.0/24", false), ("0.0.0.0/0", "::1", false), ("::/0", "10.0.0.1", true),
])
func overlapIsSeenFromBothSides(a: String, b: String, overlaps: Bool) throws {
    let first = try #require(try AddressRangeText.parse(a))
    let second = try #require(try AddressRangeText.parse(b))
    #expect(first.overlaps(second) == overlaps)
    #expect(second.overlaps(first) == overlaps)
}
