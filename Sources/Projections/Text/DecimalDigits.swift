/// Writes whole numbers without a string between.
enum DecimalDigits {
    /// At least `width` digits, with zeros before the number.
    static func append(
        _ value: some FixedWidthInteger, width: Int = 1, to bytes: inout [UInt8]
    ) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        // From the last digit on: dividing by a constant is multiplying.
        var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
        var rest = UInt64(value.magnitude)
        var first = digits.count
        repeat {
            first -= 1
            digits[first] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
        let text = digits.span.bytes.extracting(droppingFirst: min(first, digits.count - width))
        text.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// Two digits of a number below 100.
    static func appendTwo(_ value: Int64, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }
}
