import TrunkEvents

/// Looks at text where it lies, byte by byte. Ranges are offsets in the span.
extension RawSpan {
    func byte(at offset: Int) -> UInt8 { unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

    func firstIndex(of byte: Unicode.Scalar, in range: Range<Int>) -> Int? {
        range.first { self.byte(at: $0) == UInt8(ascii: byte) }
    }

    func lastIndex(of byte: Unicode.Scalar, in range: Range<Int>) -> Int? {
        range.last { self.byte(at: $0) == UInt8(ascii: byte) }
    }

    /// The line that begins there, without its end, and where the next one begins.
    func line(from start: Int) -> (text: Range<Int>, next: Int) {
        let feed = firstIndex(of: "\n", in: start..<byteCount)
        var end = feed ?? byteCount
        if end > start, byte(at: end - 1) == UInt8(ascii: "\r") { end -= 1 }
        return (start..<end, feed.map { $0 + 1 } ?? byteCount)
    }

    /// Without the spaces and tabs around it.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isBlank(at: start) { start += 1 }
        while start < end, isBlank(at: end - 1) { end -= 1 }
        return start..<end
    }

    private func isBlank(at offset: Int) -> Bool {
        byte(at: offset) == UInt8(ascii: " ") || byte(at: offset) == UInt8(ascii: "\t")
    }

    func starts(_ range: Range<Int>, with text: StaticString) -> Bool {
        equals(range.prefix(text.utf8CodeUnitCount), text)
    }

    func equals(_ range: Range<Int>, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            range.count == wanted.count && zip(range, wanted).allSatisfy { byte(at: $0) == $1 }
        }
    }

    func equals(_ range: Range<Int>, _ other: Range<Int>) -> Bool {
        range.count == other.count && zip(range, other).allSatisfy { byte(at: $0) == byte(at: $1) }
    }

    /// - Parameter text: in lower case.
    func equalsInAnyCase(_ range: Range<Int>, _ text: StaticString) -> Bool {
        text.withUTF8Buffer { wanted in
            range.count == wanted.count
                && zip(range, wanted).allSatisfy { offset, letter in
                    let byte = byte(at: offset)
                    return ((0x41...0x5A).contains(byte) ? byte + 0x20 : byte) == letter
                }
        }
    }

    func hasSameBytes(as other: RawSpan) -> Bool {
        byteCount == other.byteCount
            && (0..<byteCount).allSatisfy { byte(at: $0) == other.byte(at: $0) }
    }

    func octets(_ range: Range<Int>) -> Octets { Octets(copying: extracting(range)) }
}
