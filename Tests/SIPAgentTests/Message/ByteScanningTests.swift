import Testing

@testable import SIPAgent

@Suite struct ByteScanningTests {
    /// Any text, at any alignment: eight bytes at a time must find what one at a time finds.
    @Test func controlsAreFoundWhereverTheyStand() {
        for length in 0..<40 {
            let text = (0..<length).map { UInt8(truncatingIfNeeded: 14 + $0 * 37) | 0x10 }
            for lower in 0...length {
                #expect(text.span.controlPosition(from: lower, to: length) == length)
            }
            for place in 0..<length {
                for control in [0, 9, 10, 13] as [UInt8] {
                    var text = text
                    text[place] = control
                    for lower in 0...place {
                        #expect(text.span.controlPosition(from: lower, to: length) == place)
                    }
                }
            }
        }
    }

    @Test func bytesFromFourteenOnAreNoControls() {
        let text = (14...UInt8.max).map { $0 }
        #expect(text.span.controlPosition(from: 0, to: text.count) == text.count)
        let mixed: [UInt8] = [0x80, 0x8D, 0xFF, 14, 0x80, 13, 0, 14]
        #expect(mixed.span.controlPosition(from: 0, to: 8) == 5)
    }

    @Test func aSetHoldsItsBytesOnly() {
        let token = Set("-.!%*_+`'~".utf8)
        for byte in UInt8.min...UInt8.max {
            let isAlphanumeric = lowercased(byte) &- 97 < 26 || byte &- 48 < 10
            #expect(ByteSet.token.contains(byte) == (isAlphanumeric || token.contains(byte)))
        }
    }
}
