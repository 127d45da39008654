extension ArraySlice where Element == UInt8 {
    /// The text with its `%HH` escapes undone once (RFC 3261 section 19.1.2). The same text when
    /// there are none.
    var percentDecoded: Bytes {
        guard contains(UInt8(ascii: "%")) else { return self }
        var plain: [UInt8] = []
        plain.reserveCapacity(count)
        var cursor = startIndex
        while cursor < endIndex {
            if self[cursor] == UInt8(ascii: "%"), cursor + 2 < endIndex,
                let high = hexDigit(self[cursor + 1]), let low = hexDigit(self[cursor + 2])
            {
                plain.append(high << 4 | low)
                cursor += 3
            } else {
                plain.append(self[cursor])
                cursor += 1
            }
        }
        return plain[...]
    }
}

extension Array where Element == UInt8 {
    /// With `%HH` for every byte outside `plain`.
    func percentEncoded(except plain: ByteSet) -> [UInt8] {
        var encoded: [UInt8] = []
        encoded.reserveCapacity(count)
        for byte in self {
            if plain.contains(byte) {
                encoded.append(byte)
            } else {
                encoded.append(UInt8(ascii: "%"))
                encoded.append(Self.hexDigits[Int(byte >> 4)])
                encoded.append(Self.hexDigits[Int(byte & 15)])
            }
        }
        return encoded
    }

    private static var hexDigits: [UInt8] { [UInt8]("0123456789ABCDEF") }
}
