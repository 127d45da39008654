import Testing
import TrunkEvents

@testable import Projections

@Suite struct StateCodingTests {
    @Test func tablesAreWrittenInTheOrderOfTheirKeys() throws {
        let forward = Dictionary(uniqueKeysWithValues: (0..<300).map { (UInt16($0), true) })
        let backward = Dictionary(
            uniqueKeysWithValues: (0..<300).reversed().map { (UInt16($0), true) })
        #expect(forward.encoded == backward.encoded)
        #expect(try [UInt16: Bool](decoding: forward.encoded) == forward)
    }

    @Test func anotherOrderIsNotCanonical() {
        let swapped: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0, 9, 1, 3, 1]
        #expect(throws: StateDecodingError.invalidValue(offset: 10)) {
            try [UInt8: Bool](decoding: swapped)
        }
        let doubled: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0, 9, 1, 9, 1]
        #expect(throws: StateDecodingError.invalidValue(offset: 10)) {
            try [UInt8: Bool](decoding: doubled)
        }
    }

    @Test func numbersAreLittleEndian() throws {
        #expect(UInt32(0x0102).encoded == [2, 1, 0, 0])
        #expect(Int64(-2).encoded == [0xFE] + Array(repeating: 0xFF, count: 7))
        #expect(try Int64(decoding: Int64.min.encoded) == .min)
    }

    @Test func aHugeCountIsTruncatedNotTrusted() {
        let bytes: [UInt8] = Array(repeating: 0xFF, count: 8)
        #expect(throws: StateDecodingError.truncated(offset: 8)) { try [UInt8](decoding: bytes) }
        #expect(throws: StateDecodingError.truncated(offset: 4)) {
            try Octets(decoding: [0xFF, 0xFF, 0xFF, 0xFF])
        }
    }
}
