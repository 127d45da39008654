import Testing

@testable import TrunkEvents

@Suite struct ShortNameTests {
    /// Every byte at every place of names of every length.
    @Test func controlCharactersAreRefusedWhereverTheyStand() {
        for count in 1...ShortName.byteCountMax {
            var bytes = (0..<count).map { UInt8(0x41 + $0) }
            for index in bytes.indices {
                let letter = bytes[index]
                for byte in UInt8.min...UInt8.max {
                    bytes[index] = byte
                    let name = ShortName(bytes: bytes)
                    let isText = byte >= 0x20 && byte != 0x7F
                    guard (name != nil) == isText, name.map({ $0.bytes == bytes }) ?? true else {
                        Issue.record("byte \(byte) at \(index) of \(count)")
                        return
                    }
                }
                bytes[index] = letter
            }
        }
    }

    @Test func otherLengthsAreRefused() {
        #expect(ShortName(bytes: []) == nil)
        #expect(ShortName(bytes: Array(repeating: 0x61, count: 32)) == nil)
    }
}
