/// `Digest name=value, name="value"`: the form of challenges and credentials alike (RFC 3261
/// section 25.1). Values keep their quotes' inside, unescaped.
struct AuthParameters: Sendable {
    let scheme: Bytes
    private let pairs: [(name: Bytes, value: Bytes)]

    /// One header field's value; nil when there is no scheme or a pair is broken.
    init?(_ text: Bytes) {
        let span = text.span
        let end = span.skip(.token, 0, span.count)
        guard end > 0, end == span.count || isLinearSpace(span[end]),
            let pairs = Self.pairs(text, from: end)
        else { return nil }
        scheme = text[ByteRange(0, end)]
        self.pairs = pairs
    }

    /// Pairs without a scheme, as Authentication-Info has them.
    init?(bare text: Bytes) {
        guard let pairs = Self.pairs(text, from: 0) else { return nil }
        scheme = []
        self.pairs = pairs
    }

    private static func pairs(_ text: Bytes, from start: Int) -> [(name: Bytes, value: Bytes)]? {
        let span = text.span
        var pairs: [(name: Bytes, value: Bytes)] = []
        var cursor = start
        while cursor < span.count, pairs.count < MessageLimits.listElementsMax {
            let end = span.elementEnd(cursor, span.count)
            let element = text[ByteRange(cursor, end)].trimmed
            cursor = min(end + 1, span.count)
            if element.isEmpty { continue }
            guard let equals = element.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let name = element[..<equals].trimmed
            guard !name.isEmpty, name.allSatisfy({ ByteSet.token.contains($0) }) else { return nil }
            let value = element[(equals + 1)...].trimmed
            guard isWhole(value) else { return nil }
            pairs.append((name, value.unquoted))
        }
        return pairs
    }

    /// A quoted string must close where the value ends.
    private static func isWhole(_ value: Bytes) -> Bool {
        guard value.first == UInt8(ascii: "\"") else { return true }
        return value.span.skipQuoted(0, value.count) == value.count
    }

    var isDigest: Bool { scheme.matches("Digest") }

    func value(_ name: StaticString) -> Bytes? {
        pairs.first { $0.name.matches(name) }?.value
    }
}
