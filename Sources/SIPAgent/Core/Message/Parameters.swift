/// `;name=value;name` after an address, a Via or a reason. Read on demand; a name may stand alone.
struct Parameters: Sendable, Sequence {
    let text: Bytes

    /// Takes the text from the first `;` on; nil unless every parameter has a token for a name and
    /// no value is broken (RFC 3261 section 25.1, `generic-param`).
    init?(_ text: Bytes) {
        guard Self.isWellFormed(text.span, 0, text.count) else { return nil }
        self.text = text
    }

    /// For text that was found well-formed before.
    init(checked text: Bytes) {
        self.text = text
    }

    /// The value of a parameter: nil when it is absent, empty when it has no value.
    /// Quoted values come as they stand; see `Bytes.unquoted`.
    func value(_ name: StaticString) -> Bytes? {
        let span = text.span
        var position = 0
        while let part = Self.part(span, &position, span.count) {
            if span.matches(part.name.start, part.name.end, name) { return text[part.value] }
        }
        return nil
    }

    func has(_ name: StaticString) -> Bool { value(name) != nil }

    func makeIterator() -> Iterator { Iterator(text: text) }

    struct Iterator: IteratorProtocol {
        let text: Bytes
        var position = 0

        mutating func next() -> (name: Bytes, value: Bytes)? {
            var cursor = position
            guard let part = Parameters.part(text.span, &cursor, text.count) else { return nil }
            position = cursor
            return (text[part.name], text[part.value])
        }
    }

    static func isWellFormed(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        var position = lower
        while part(text, &position, upper) != nil {}
        return text.skipSpace(position, upper) == upper
    }

    /// The value of a parameter, empty where it is absent or has none; nil unless all parameters
    /// are well-formed.
    static func value(
        of name: StaticString, in text: Span<UInt8>, _ lower: Int, _ upper: Int
    ) -> ByteRange? {
        var position = lower
        var found: ByteRange?
        while let part = part(text, &position, upper) {
            if found == nil, text.matches(part.name.start, part.name.end, name) {
                found = part.value
            }
        }
        guard text.skipSpace(position, upper) == upper else { return nil }
        return found ?? ByteRange(upper, upper)
    }

    /// The parameter at `position`, which moves past it; nil at the end or where the text is
    /// broken.
    private static func part(
        _ text: Span<UInt8>, _ position: inout Int, _ end: Int
    ) -> (name: ByteRange, value: ByteRange)? {
        var cursor = text.skipSpace(position, end)
        guard cursor < end, text[cursor] == UInt8(ascii: ";") else { return nil }
        let nameStart = text.skipSpace(cursor + 1, end)
        cursor = text.skip(.token, nameStart, end)
        guard cursor > nameStart else { return nil }
        let name = ByteRange(nameStart, cursor)
        cursor = text.skipSpace(cursor, end)
        guard cursor < end, text[cursor] == UInt8(ascii: "=") else {
            position = cursor
            return (name, ByteRange(name.end, name.end))
        }
        let valueStart = text.skipSpace(cursor + 1, end)
        guard valueStart < end else { return nil }
        if text[valueStart] == UInt8(ascii: "\"") {
            guard let close = text.skipQuoted(valueStart, end), close <= end else { return nil }
            position = close
            return (name, ByteRange(valueStart, close))
        }
        cursor = valueStart
        while cursor < end, !ByteSet.valueDelimiter.contains(text[cursor]) { cursor += 1 }
        guard cursor > valueStart else { return nil }
        position = cursor
        return (name, ByteRange(valueStart, cursor))
    }
}
