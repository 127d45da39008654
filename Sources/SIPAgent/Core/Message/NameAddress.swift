/// An address with its display name and header parameters: From, To, Contact, Route, Record-Route,
/// P-Asserted-Identity and their kin (RFC 3261 section 20.10).
struct NameAddress: Sendable {
    /// The whole element.
    let text: Bytes
    private let layout: NameAddressLayout

    /// The display name as it stands, quoted or not; nil when there is none.
    var displayText: Bytes? { layout.display.isEmpty ? nil : text[layout.display] }
    /// The display name without quotes and escapes.
    var display: Bytes? { displayText?.unquoted }
    /// The address, without `<` and `>`.
    var uriText: Bytes { text[layout.uri] }
    var uri: SIPURI? { SIPURI(uriText) }
    /// The header's parameters, after the address.
    var parameters: Parameters {
        Parameters(checked: text[ByteRange(layout.addressEnd, text.count)])
    }
    var tag: Bytes? { parameters.value("tag") }

    /// nil when the element does not follow the grammar, or its address is not at least a URI.
    init?(_ text: Bytes) {
        let span = text.span
        guard let layout = NameAddressLayout(span, 0, span.count) else { return nil }
        self.text = text
        self.layout = layout
    }

    /// For text that was found well-formed before.
    init(checked text: Bytes) {
        let span = text.span
        guard let layout = NameAddressLayout(partsOf: span, 0, span.count) else {
            preconditionFailure("a text that was no address was taken for one")
        }
        self.text = text
        self.layout = layout
    }

    static func isWellFormed(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        NameAddressLayout(text, lower, upper) != nil
    }
}

/// Where the parts of a name-addr or addr-spec stand.
private struct NameAddressLayout {
    /// Empty when there is none.
    let display: ByteRange
    let uri: ByteRange
    let addressEnd: Int

    init?(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) {
        self.init(partsOf: text, lower, upper)
        guard Parameters.isWellFormed(text, addressEnd, upper),
            SIPURI.isWellFormed(text, uri.start, uri.end)
        else { return nil }
    }

    /// What the address and the parameters are made of is not looked at.
    init?(partsOf text: Span<UInt8>, _ lower: Int, _ upper: Int) {
        var cursor = text.skipSpace(lower, upper)
        guard cursor < upper else { return nil }
        let nameStart = cursor
        if text[cursor] == UInt8(ascii: "\"") {
            guard let close = text.skipQuoted(cursor, upper) else { return nil }
            cursor = text.skipSpace(close, upper)
            guard cursor < upper, text[cursor] == UInt8(ascii: "<") else { return nil }
            display = ByteRange(nameStart, close)
        } else if text[cursor] == UInt8(ascii: "<") {
            display = ByteRange(nameStart, nameStart)
        } else if let angle = text.position(of: UInt8(ascii: "<"), from: cursor, to: upper),
            Self.isDisplayName(text, nameStart, angle)
        {
            cursor = angle
            display = ByteRange(nameStart, text.trimEnd(nameStart, angle))
        } else {
            display = ByteRange(nameStart, nameStart)
        }
        let isBracketed = text[cursor] == UInt8(ascii: "<")
        guard
            let address =
                isBracketed ? Self.bracketed(text, cursor, upper) : Self.bare(text, cursor, upper)
        else { return nil }
        uri = address.uri
        addressEnd = address.end
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

    private static func bracketed(
        _ text: Span<UInt8>, _ at: Int, _ upper: Int
    ) -> (uri: ByteRange, end: Int)? {
        guard let close = text.position(of: UInt8(ascii: ">"), from: at, to: upper) else {
            return nil
        }
        return (ByteRange(at + 1, close), close + 1)
    }

    /// Without brackets all parameters are the header's, and the URI holds no "," ";" or "?" (RFC
    /// 3261 section 20.10).
    private static func bare(
        _ text: Span<UInt8>, _ at: Int, _ upper: Int
    ) -> (uri: ByteRange, end: Int)? {
        var cursor = at
        while cursor < upper, text[cursor] != UInt8(ascii: ";"), !isLinearSpace(text[cursor]) {
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

    static func isWellFormed(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        if upper - lower == 1, text[lower] == UInt8(ascii: "*") { return true }
        return NameAddress.isWellFormed(text, lower, upper)
    }
}
