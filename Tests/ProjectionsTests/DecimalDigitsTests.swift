import Testing

@testable import Projections

@Suite struct DecimalDigitsTests {
    private func text(_ value: some FixedWidthInteger, width: Int = 1) -> String {
        var bytes: [UInt8] = []
        DecimalDigits.append(value, width: width, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func digitsAreThoseOfAString() {
        for value in [0, 1, 9, 10, 99, 100, 12_345, -1, -10, Int64.max, Int64.min] {
            #expect(text(value) == String(value))
        }
        #expect(text(UInt64.max) == String(UInt64.max))
        #expect(text(UInt16(5_060)) == "5060")
    }

    @Test func zerosFillTheWidth() {
        #expect(text(7, width: 3) == "007")
        #expect(text(1_234, width: 3) == "1234")
        #expect(text(0, width: 2) == "00")
    }
}
