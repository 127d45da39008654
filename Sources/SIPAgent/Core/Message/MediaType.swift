/// `type/subtype` of a Content-Type, or a range of an Accept; parameters are left out.
struct MediaType: Sendable {
    let type: Bytes
    let subtype: Bytes

    init?(_ text: Bytes) {
        let span = text.span
        let typeEnd = span.skip(.token, 0, span.count)
        let slash = span.skipSpace(typeEnd, span.count)
        guard typeEnd > 0, slash < span.count, span[slash] == UInt8(ascii: "/") else { return nil }
        let start = span.skipSpace(slash + 1, span.count)
        let end = span.skip(.token, start, span.count)
        guard end > start else { return nil }
        type = text[ByteRange(0, typeEnd)]
        subtype = text[ByteRange(start, end)]
    }

    /// Whether this type is `pattern`: `type/subtype` or `type/*`.
    func matches(_ pattern: StaticString) -> Bool {
        guard let pattern = MediaType(Bytes(pattern)) else { return false }
        return pattern.type.matches(type)
            && (pattern.subtype.matches("*") || pattern.subtype.matches(subtype))
    }

    /// Whether this range, which may hold `*`, takes the given type.
    func covers(_ type: StaticString, _ subtype: StaticString) -> Bool {
        (self.type.matches("*") || self.type.matches(type))
            && (self.subtype.matches("*") || self.subtype.matches(subtype))
    }
}
