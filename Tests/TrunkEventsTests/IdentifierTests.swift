import Testing

@testable import TrunkEvents

@Suite struct IdentifierTests {
    @Test func shortNamesKeepTheirBytes() {
        #expect(ShortName("alpha-1")?.description == "alpha-1")
        #expect(ShortName(String(repeating: "x", count: 31))?.count == 31)
        #expect(ShortName(String(repeating: "x", count: 32)) == nil)
        #expect(ShortName("") == nil)
        #expect(ShortName("a\nb") == nil)
        #expect(ShortName("a") != ShortName("a "))
    }

    @Test func callIDsSortByTimeAndReadBack() throws {
        let early = CallID(startedAt: WallInstant(nanoseconds: 1_000_000), counter: 0xF_FFFF)
        let late = CallID(startedAt: WallInstant(nanoseconds: 2_000_000), counter: 0)
        #expect(early < late)
        #expect(CallID(late.description) == late)
        #expect(late.description.count == 16)
        #expect(CallID("xyz") == nil)
    }

    @Test func trunkAndCallStreamsNeverMeet() {
        let year2200 = WallInstant(nanoseconds: 7_258_118_400_000_000_000)
        let call = FactStream(CallID(startedAt: year2200, counter: 1))
        #expect(FactStream(TrunkName("a")!).rawValue >> 63 == 1)
        #expect(call.rawValue >> 63 == 0)
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("::1", "::1"), ("::", "::"), ("fe80::1:2", "fe80::1:2"),
        ("::ffff:10.0.0.1", "10.0.0.1"), ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"),
    ])
    func addressesReadAndPrint(text: String, expected: String) {
        #expect(IPAddress(text)?.description == expected)
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "1.2.3.4.5", "1::2::3", "12345::", "1:2:3:4:5:6:7", ":1",
        "1:2:3:4:5:6:7:8:9", "::1%lo", "+1.2.3.4", "01234.1.1.1",
    ])
    func otherTextIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }
}
