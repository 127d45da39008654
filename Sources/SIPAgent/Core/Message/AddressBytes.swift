internal import TrunkEvents

extension IPAddress {
    /// Reads a host as a message has it: dotted decimal, or IPv6 with or without brackets; nil for
    /// a name.
    init?(host: Bytes) {
        if let octets = Self.dotted(host) {
            self.init(v4: octets)
        } else if host.contains(UInt8(ascii: ":")) {
            let isBracketed = host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
            let inside = isBracketed ? host.dropFirst().dropLast() : host
            self.init(String(decoding: inside, as: UTF8.self))
        } else {
            return nil
        }
    }

    private static func dotted(_ text: Bytes) -> UInt32? {
        var address: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in text {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, dots < 3 else { return nil }
                address = address << 8 | octet
                (octet, digits, dots) = (0, 0, dots + 1)
            } else {
                let digit = byte &- 48
                guard digit < 10, digits < 3 else { return nil }
                octet = octet * 10 + UInt32(digit)
                digits += 1
                guard octet <= 255 else { return nil }
            }
        }
        return dots == 3 && digits > 0 ? address << 8 | octet : nil
    }
}

extension MessageWriter {
    /// The text form, without brackets.
    mutating func append(_ address: IPAddress) {
        guard let v4 = address.v4 else {
            append(Array(address.description.utf8))
            return
        }
        for step in 0..<UInt32(4) {
            let shift = 24 - 8 * step
            if step > 0 { append(byte: UInt8(ascii: ".")) }
            append(v4 >> shift & 0xff)
        }
    }
}
