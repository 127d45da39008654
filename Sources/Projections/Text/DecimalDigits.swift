/// Writes whole numbers without a string between.
enum DecimalDigits {
    /// At least `width` digits, with zeros before the number.
    static func append(
        _ value: some FixedWidthInteger, width: Int = 1, to bytes: inout [UInt8]
    ) {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        let magnitude = UInt64(value.magnitude)
        var unit: UInt64 = 1
        var count = 1
        while magnitude / unit >= 10 {
            unit *= 10
            count += 1
        }
        for _ in count..<max(count, width) { bytes.append(UInt8(ascii: "0")) }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude / unit % 10))
            unit /= 10
        }
    }
}
