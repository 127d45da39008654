/// An IPv4 or IPv6 address as a value.
enum IPAddress: Hashable, Sendable {
    /// In host order: 127.0.0.1 is `0x7f00_0001`.
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    /// Reads dotted decimal, or IPv6 with or without brackets; nil for anything else, e.g. a name.
    init?(_ text: Bytes) {
        if let address = Self.dotted(text) {
            self = .v4(address)
        } else if text.first == UInt8(ascii: "["), text.last == UInt8(ascii: "]") {
            guard let address = Self.colons(text.dropFirst().dropLast()) else { return nil }
            self = address
        } else {
            guard let address = Self.colons(text) else { return nil }
            self = address
        }
    }

    private static func dotted(_ text: Bytes) -> UInt32? {
        var address: UInt32 = 0
        var parts = 0
        for part in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard part.count <= 3, let octet = part.decimal, octet <= 255 else { return nil }
            address = address << 8 | octet
            parts += 1
            if parts > 4 { return nil }
        }
        return parts == 4 ? address : nil
    }

    private static func colons(_ text: Bytes) -> IPAddress? {
        var head: [UInt16] = []
        var tail: [UInt16] = []
        var isTail = false
        let groups = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard groups.count >= 3, groups.count <= 9 else { return nil }
        for (position, group) in groups.enumerated() {
            if group.isEmpty {
                // "::" shows as one empty group inside, as two at an end.
                let atEdge = position == 0 || position == groups.count - 1
                if atEdge, groups[position == 0 ? 1 : position - 1].isEmpty { continue }
                if isTail || atEdge { return nil }
                isTail = true
                continue
            }
            var values: [UInt16] = []
            if position == groups.count - 1, let v4 = dotted(group) {
                values = [UInt16(v4 >> 16), UInt16(v4 & 0xffff)]
            } else {
                guard let value = hexGroup(group) else { return nil }
                values = [value]
            }
            if isTail { tail += values } else { head += values }
        }
        let count = head.count + tail.count
        guard isTail ? count < 8 : count == 8 else { return nil }
        let all = head + [UInt16](repeating: 0, count: 8 - count) + tail
        let high = all[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        let low = all[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        return .v6(high: high, low: low)
    }

    private static func hexGroup(_ text: Bytes) -> UInt16? {
        guard text.count <= 4 else { return nil }
        var value: UInt16 = 0
        for byte in text {
            guard let digit = hexDigit(byte) else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// Appends the text form; IPv6 without brackets and uncompressed, which every reader takes.
    func write(to output: inout [UInt8]) {
        switch self {
        case .v4(let address):
            for shift in [24, 16, 8, 0] {
                if shift != 24 { output.append(UInt8(ascii: ".")) }
                output.append(decimal: UInt64(address >> UInt32(shift) & 0xff))
            }
        case .v6(let high, let low):
            for group in 0..<8 {
                if group > 0 { output.append(UInt8(ascii: ":")) }
                let half = group < 4 ? high : low
                output.append(hex: UInt16(truncatingIfNeeded: half >> UInt64(48 - 16 * (group % 4))))
            }
        }
    }

    var text: [UInt8] {
        var text: [UInt8] = []
        write(to: &text)
        return text
    }
}

extension Array where Element == UInt8 {
    fileprivate mutating func append(hex value: UInt16) {
        var started = false
        for shift in [12, 8, 4, 0] {
            let digit = UInt8(value >> UInt16(shift) & 0xf)
            if digit == 0, !started, shift != 0 { continue }
            started = true
            append(digit < 10 ? digit + 48 : digit + 87)
        }
    }
}

/// Where a datagram came from, or goes to.
struct SourceAddress: Hashable, Sendable {
    var address: IPAddress
    var port: UInt16

    init(_ address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }
}
