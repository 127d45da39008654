/// Says of most streams that they are not in a segment, after one look at one line.
///
/// A line is 56 bytes of bits and their checksum (8), so that a flipped bit never hides a stream.
/// A stream's hash h is the last step of SplitMix64; its line is h's high half times the number of
/// lines, shifted down by 32; five bits of the line are set: b = (h + i * (h >> 17 | 1)) mod 448
/// with h's low half in 32-bit arithmetic.
enum StreamFilter {
    static let lineBytes = 64
    static let linesMax = 512
    private static let bitBytes = 56
    /// Of a thousand streams that are not there, one seems to be.
    private static let streamsPerLine = 26

    static func make(_ streams: [UInt64]) -> [UInt8] {
        let wanted = (streams.count + streamsPerLine - 1) / streamsPerLine
        let lines = min(max(wanted, 1), linesMax)
        var bytes = [UInt8](repeating: 0, count: lines * lineBytes)
        for stream in streams {
            let hash = hash(stream)
            let base = line(hash, of: lines) * lineBytes
            let bits = bits(hash)
            for index in bits.indices {
                bytes[base + bits[index] >> 3] |= 1 << UInt8(bits[index] & 7)
            }
        }
        for line in 0..<lines {
            // UInt8 has no padding whose bytes could be uninitialised.
            let sum = unsafe XXH64.hash(
                bytes.span.bytes.extracting(line * lineBytes..<line * lineBytes + bitBytes))
            for index in 0..<8 {
                let at = line * lineBytes + bitBytes + index
                bytes[at] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index))
            }
        }
        return bytes
    }

    /// What filters are asked for one stream, made once for many of them.
    struct Probe {
        fileprivate let hash: UInt64
        fileprivate let bits: InlineArray<5, Int>

        init(_ stream: UInt64) {
            hash = StreamFilter.hash(stream)
            bits = StreamFilter.bits(hash)
        }
    }

    /// False when the stream is surely not there. `filter` is a positive number of whole lines.
    static func mayContain(_ probe: Probe, _ filter: RawSpan) throws(Corruption) -> Bool {
        let line = line(probe.hash, of: filter.byteCount / lineBytes)
        guard isWhole(line: line, filter) else { throw .segment(.filter) }
        return mayContain(probe, whole: filter)
    }

    /// As ``mayContain(_:_:)``, of a filter that `isWhole` was asked about.
    static func mayContain(_ probe: Probe, whole filter: RawSpan) -> Bool {
        let base = line(probe.hash, of: filter.byteCount / lineBytes) * lineBytes
        for index in probe.bits.indices {
            let bit = probe.bits[index]
            if filter.byte(at: base + bit >> 3) & 1 << UInt8(bit & 7) == 0 { return false }
        }
        return true
    }

    /// Whether every line has its checksum.
    static func isWhole(_ filter: RawSpan) -> Bool {
        (0..<filter.byteCount / lineBytes).allSatisfy { isWhole(line: $0, filter) }
    }

    private static func isWhole(line: Int, _ filter: RawSpan) -> Bool {
        let bytes = filter.extracting(line * lineBytes..<(line + 1) * lineBytes)
        return XXH64.hash(bytes.extracting(first: bitBytes)) == bytes.word(at: bitBytes)
    }

    private static func line(_ hash: UInt64, of count: Int) -> Int {
        Int(((hash >> 32) * UInt64(count)) >> 32)
    }

    private static func bits(_ hash: UInt64) -> InlineArray<5, Int> {
        let low = UInt32(truncatingIfNeeded: hash)
        return InlineArray { index in
            Int((low &+ UInt32(index) &* (low >> 17 | 1)) % 448)
        }
    }

    private static func hash(_ stream: UInt64) -> UInt64 {
        var mixed = stream &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
