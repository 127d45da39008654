extension IPAddress {
    /// Dotted IPv4 or RFC 4291 section 2.2 IPv6 text, without brackets.
    public init?(_ text: some StringProtocol) {
        if let v4 = Self.parseV4(text) {
            self.init(v4: v4)
        } else if let groups = Self.parseV6(text) {
            let word = { (part: ArraySlice<UInt16>) in
                part.reduce(UInt64(0)) { $0 &<< 16 | UInt64($1) }
            }
            self.init(high: word(groups[0..<4]), low: word(groups[4..<8]))
        } else {
            return nil
        }
    }

    private static func parseV4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), let octet = UInt8(part) else { return nil }
            guard part.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            value = value &<< 8 | UInt32(octet)
        }
        return value
    }

    private static func parseV6(_ text: some StringProtocol) -> [UInt16]? {
        let bytes = Array(text.utf8)
        let colons = UInt8(ascii: ":")
        var gap: Int?
        for index in bytes.indices.dropLast() where bytes[index] == colons {
            guard bytes[index + 1] == colons else { continue }
            guard gap == nil else { return nil }
            gap = index
        }
        guard let gap else {
            let groups = parseGroups(bytes[...])
            return groups?.count == 8 ? groups : nil
        }
        guard let head = parseGroups(bytes[..<gap]), let tail = parseGroups(bytes[(gap + 2)...]),
            head.count + tail.count < 8
        else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func parseGroups(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        guard !bytes.isEmpty else { return [] }
        var groups: [UInt16] = []
        for part in bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false) {
            let digits = String(decoding: part, as: UTF8.self)
            if groups.count <= 6, part.endIndex == bytes.endIndex, let v4 = parseV4(digits) {
                groups.append(UInt16(v4 &>> 16))
                groups.append(UInt16(truncatingIfNeeded: v4))
                continue
            }
            guard (1...4).contains(part.count), let group = UInt16(digits, radix: 16) else {
                return nil
            }
            groups.append(group)
        }
        return groups.count <= 8 ? groups : nil
    }
}

extension IPAddress: CustomStringConvertible {
    /// RFC 5952 text: the longest run of zero groups is shortened, digits are lower case.
    public var description: String {
        if let v4 {
            return [24, 16, 8, 0].map { String(v4 >> UInt32($0) & 0xFF) }.joined(separator: ".")
        }
        let groups = self.groups
        var best = 0..<0
        var start = 0
        while start < 8 {
            let end = groups[start...].firstIndex { $0 != 0 } ?? 8
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start) + 1
        }
        let hex = { (part: ArraySlice<UInt16>) in
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard !best.isEmpty else { return hex(groups[...]) }
        return hex(groups[..<best.lowerBound]) + "::" + hex(groups[best.upperBound...])
    }
}

extension Endpoint: CustomStringConvertible {
    /// `udp:192.0.2.1:5060`, `tcp:[2001:db8::1]:5060`.
    public var description: String {
        let host = address.isV4 ? address.description : "[\(address)]"
        return "\(transport):\(host):\(port)"
    }
}
