/// Writes whole numbers without a string between.
enum DecimalDigits {
    /// At least `width` digits, with zeros before the number.
    static func append(
        _ value: some FixedWidthInteger, width: Int = 1, to bytes: inout [UInt8]
    ) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        append(magnitude: UInt64(value.magnitude), width: width, to: &bytes)
    }

    /// Eight digits at a time, of which a word is made.
    private static func append(magnitude: UInt64, width: Int, to bytes: inout [UInt8]) {
        let (high, low) = magnitude.quotientAndRemainder(dividingBy: 100_000_000)
        let hasHigh = high > 0 || width > 8
        if hasHigh { append(magnitude: high, width: max(1, width - 8), to: &bytes) }
        var rest = low
        var text: UInt64 = 0
        var count = 0
        repeat {
            // The digits come from the last one on; the first one is to be the lowest byte.
            text = text &<< 8 | (0x30 + rest % 10)
            rest /= 10
            count += 1
        } while rest > 0 || count < (hasHigh ? 8 : width)
        withUnsafeBytes(of: text.littleEndian) { bytes.append(contentsOf: $0.prefix(count)) }
    }

    /// Two digits of a number below 100.
    static func appendTwo(_ value: Int64, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }
}
