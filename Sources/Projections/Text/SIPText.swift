import TrunkEvents

/// The little that a fold reads from a logged message. The messages were parsed and accepted
/// before they were logged; what cannot be found here stays empty.
enum SIPText {
    /// The tag parameter of the first header of that name (RFC 3261 section 19.3).
    ///
    /// `name` and `short` are in lower case.
    static func tag(
        ofHeader name: StaticString, short: StaticString, in message: RawSpan
    ) -> Range<Int> {
        var (line, next) = message.line(from: 0)
        while !line.isEmpty, next < message.byteCount {
            (line, next) = message.line(from: next)
            guard let colon = message.firstIndex(of: ":", in: line) else { continue }
            let field = message.trimmed(line.lowerBound..<colon)
            if message.equalsInAnyCase(field, name) || message.equalsInAnyCase(field, short) {
                return parameter("tag", of: (colon + 1)..<line.upperBound, in: message)
            }
        }
        return 0..<0
    }

    /// What follows the empty line (RFC 3261 section 7).
    static func body(of message: RawSpan) -> Range<Int> {
        let end = message.byteCount
        for offset in 0..<max(0, end - 3) where message.byte(at: offset) == 13 {
            if message.equals(offset..<(offset + 4), "\r\n\r\n") { return (offset + 4)..<end }
        }
        return end..<end
    }

    /// A parameter after the `>` of a name-addr, or after the first `;` of an addr-spec, outside
    /// quotes (RFC 3261 section 20).
    private static func parameter(
        _ name: StaticString, of value: Range<Int>, in message: RawSpan
    ) -> Range<Int> {
        var rest = unquoted(value, in: message)
        if let close = message.lastIndex(of: ">", in: rest) { rest = close..<rest.upperBound }
        while !rest.isEmpty {
            let end = message.firstIndex(of: ";", in: rest) ?? rest.upperBound
            let part = rest.lowerBound..<end
            if let equals = message.firstIndex(of: "=", in: part) {
                let key = message.trimmed(part.lowerBound..<equals)
                if message.equalsInAnyCase(key, name) {
                    return message.trimmed((equals + 1)..<end)
                }
            }
            rest = min(end + 1, rest.upperBound)..<rest.upperBound
        }
        return 0..<0
    }

    /// The value after a quoted display name, whose characters may be anything.
    private static func unquoted(_ value: Range<Int>, in message: RawSpan) -> Range<Int> {
        let text = message.trimmed(value)
        guard !text.isEmpty, message.equals(text.prefix(1), "\"") else { return text }
        var offset = text.lowerBound + 1
        while offset < text.upperBound, message.byte(at: offset) != UInt8(ascii: "\"") {
            offset += message.byte(at: offset) == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(offset + 1, text.upperBound)..<text.upperBound
    }
}
