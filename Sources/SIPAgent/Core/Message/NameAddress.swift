/// An address with its display name and header parameters: From, To, Contact, Route, Record-Route,
/// P-Asserted-Identity and their kin (RFC 3261 section 20.10).
struct NameAddress: Sendable {
    /// The whole element.
    let text: Bytes
    /// The display name as it stands, quoted or not; nil when there is none.
    let displayText: Bytes?
    /// The address, without `<` and `>`.
    let uriText: Bytes
    /// The header's parameters, after the address.
    let parameters: Parameters

    /// The display name without quotes and escapes.
    var display: Bytes? { displayText?.unquoted }
    var tag: Bytes? { parameters.value("tag") }
    var uri: SIPURI? { SIPURI(uriText) }

    /// nil when the element does not follow the grammar, or its address is not at least a URI.
    init?(_ text: Bytes) {
        let span = text.span
        let end = span.count
        var cursor = span.skipSpace(0, end)
        guard cursor < end else { return nil }
        let nameStart = cursor
        if span[cursor] == UInt8(ascii: "\"") {
            guard let close = span.skipQuoted(cursor, end), close <= end else { return nil }
            cursor = span.skipSpace(close, end)
            guard cursor < end, span[cursor] == UInt8(ascii: "<") else { return nil }
            displayText = text[ByteRange(nameStart, close)]
        } else if let angle = span.position(of: UInt8(ascii: "<"), from: cursor, to: end),
            Self.isDisplayName(span, nameStart, angle)
        {
            cursor = angle
            let nameEnd = span.trimEnd(nameStart, angle)
            displayText = nameEnd > nameStart ? text[ByteRange(nameStart, nameEnd)] : nil
        } else {
            displayText = nil
        }
        let address: (uri: ByteRange, end: Int)?
        if span[cursor] == UInt8(ascii: "<") {
            address = Self.bracketed(span, cursor)
        } else {
            address = Self.bare(span, cursor)
        }
        guard let address, let parameters = Parameters(text[ByteRange(address.end, end)]) else {
            return nil
        }
        let uri = text[address.uri]
        guard SIPURI.isWellFormed(uri) else { return nil }
        self.text = text
        self.uriText = uri
        self.parameters = parameters
    }

    /// Tokens by grammar; everything that is not ambiguous in practice. A comma, say, is (RFC 4475
    /// section 3.1.2.15).
    private static func isDisplayName(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        for position in lower..<upper
        where ByteSet.displayDelimiter.contains(text[position]) && !isLinearSpace(text[position]) {
            return false
        }
        return true
    }

    private static func bracketed(_ text: Span<UInt8>, _ at: Int) -> (uri: ByteRange, end: Int)? {
        guard let close = text.position(of: UInt8(ascii: ">"), from: at, to: text.count) else {
            return nil
        }
        return (ByteRange(at + 1, close), close + 1)
    }

    /// Without brackets all parameters are the header's, and the URI holds no "," ";" or "?" (RFC
    /// 3261 section 20.10).
    private static func bare(_ text: Span<UInt8>, _ at: Int) -> (uri: ByteRange, end: Int)? {
        var cursor = at
        while cursor < text.count, text[cursor] != UInt8(ascii: ";"), !isLinearSpace(text[cursor]) {
            if text[cursor] == UInt8(ascii: "?") || text[cursor] == UInt8(ascii: ",") { return nil }
            cursor += 1
        }
        return (ByteRange(at, cursor), cursor)
    }
}

/// One element of a Contact header.
enum Contact: Sendable {
    /// `*`: all bindings, in a REGISTER that removes them.
    case all
    case address(NameAddress)

    init?(_ text: Bytes) {
        if text.elementsEqual([UInt8(ascii: "*")]) {
            self = .all
        } else if let address = NameAddress(text) {
            self = .address(address)
        } else {
            return nil
        }
    }
}
