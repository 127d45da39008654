import TestSupport
import Testing

@testable import Projections

@Suite struct ShortNumberTests {
    private func stored(_ number: UInt64) -> [UInt8] {
        var encoder = StateEncoder()
        encoder.append(atMost: ShortNumber.byteCountMax) { $0.store(number: number) }
        return encoder.bytes
    }

    @Test func aNumberTakesSevenBitsAByte() throws {
        #expect(stored(0) == [1] && stored(127) == [0xFF] && stored(128) == [2, 2])
        #expect(stored(.max) == [0] + Array(repeating: 0xFF, count: 8))
        for bits in 0..<64 {
            for number in [1 &<< UInt64(bits), (1 &<< UInt64(bits)) - 1] as [UInt64] {
                let bytes = stored(number)
                #expect(bytes.count == ShortNumber.byteCount(of: number))
                var decoder = StateDecoder(bytes)
                #expect(try decoder.number() == number)
                #expect(throws: Never.self) { try decoder.finish() }
                for count in 0..<bytes.count {
                    var cut = StateDecoder(Array(bytes[..<count]))
                    #expect(throws: StateDecodingError.truncated(offset: 0)) {
                        _ = try cut.number() as UInt64
                    }
                }
            }
        }
    }

    @Test func oneEncodingOnly() {
        // 1 in two bytes, and in nine.
        for bytes in [[6, 0], [0, 1, 0, 0, 0, 0, 0, 0, 0]] as [[UInt8]] {
            var decoder = StateDecoder(bytes)
            #expect(throws: StateDecodingError.invalidValue(offset: 0)) {
                _ = try decoder.number() as UInt64
            }
        }
        var wide = StateDecoder(stored(0x1_0000))
        #expect(throws: StateDecodingError.invalidValue(offset: 0)) {
            _ = try wide.number() as UInt16
        }
    }

    @Test func smallDifferencesAreSmallNumbers() {
        #expect([0, -1, 1, -2].map(ShortNumber.folded) == [0, 1, 2, 3])
        for difference in [0, -1, 1, .min, .max, 1_500_000_000] as [Int64] {
            #expect(ShortNumber.unfolded(ShortNumber.folded(difference)) == difference)
        }
    }
}
