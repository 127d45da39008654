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
