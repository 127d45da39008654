/// Numbers in as few bytes as they need, seven bits each: the zeros that the first byte ends in
/// say how many bytes follow it. Nine bytes hold all 64 bits, behind a first one of zeros only.
enum ShortNumber {
    static let byteCountMax = 9

    @inline(__always)
    static func byteCount(of number: UInt64) -> Int {
        let bits = UInt64.bitWidth - (number | 1).leadingZeroBitCount
        return min((bits + 6) / 7, byteCountMax)
    }

    /// The sign as the lowest bit: small differences become small numbers (Protocol Buffers,
    /// "ZigZag").
    @inline(__always)
    static func folded(_ difference: Int64) -> UInt64 {
        UInt64(bitPattern: difference &<< 1 ^ difference &>> 63)
    }

    @inline(__always)
    static func unfolded(_ number: UInt64) -> Int64 {
        Int64(bitPattern: number &>> 1) ^ -Int64(bitPattern: number & 1)
    }
}

extension RawSpan {
    /// The number that begins there, and how many bytes it has; `nil` where they end before it.
    func shortNumber(at offset: Int) -> (number: UInt64, byteCount: Int)? {
        guard offset < byteCount else { return nil }
        let first = byte(at: offset)
        // Most are a length below 128.
        if first & 1 == 1 { return (UInt64(first &>> 1), 1) }
        let length = first.trailingZeroBitCount + 1
        guard byteCount - offset >= length else { return nil }
        var number: UInt64 = 0
        for index in (1..<length).reversed() {
            number = number &<< 8 | UInt64(byte(at: offset + index))
        }
        if length == ShortNumber.byteCountMax { return (number, length) }
        return ((number &<< 8 | UInt64(first)) &>> UInt64(length), length)
    }
}
