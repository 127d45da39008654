enum URIScheme: UInt8, Sendable {
    case sip, sips, tel, other
}

/// A URI in its parts (RFC 3261 section 19.1). Of a scheme other than sip and sips only `scheme`
/// and `opaque` are read.
struct SIPURI: Sendable {
    let text: Bytes
    let scheme: URIScheme
    /// `1...65535`; nil when the URI names none.
    let port: UInt16?
    private let userRange: ByteRange?
    private let passwordRange: ByteRange?
    private let hostRange: ByteRange
    private let parameterRange: ByteRange
    private let headerRange: ByteRange?

    var user: Bytes? { userRange.map { text[$0] } }
    var password: Bytes? { passwordRange.map { text[$0] } }
    /// IPv6 with its brackets; empty for schemes other than sip and sips.
    var host: Bytes { text[hostRange] }
    /// `host[:port]` as it stands.
    var hostPort: Bytes { text[ByteRange(hostRange.start, parameterRange.start)] }
    /// After `?`, without it.
    var headers: Bytes? { headerRange.map { text[$0] } }
    /// `;name=value` pairs; see also `parameter(_:)`.
    var parameters: Bytes { text[parameterRange] }
    /// What follows the scheme and its colon.
    var opaque: Bytes {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else {
            return text[ByteRange(0, 0)]
        }
        return text[(colon + 1)...]
    }

    var isSIP: Bool { scheme == .sip || scheme == .sips }

    /// A parameter's value: nil when absent, empty when it stands alone.
    func parameter(_ name: StaticString) -> Bytes? {
        var found: Bytes?
        forEachParameter { key, value in
            if found == nil, key.percentDecoded.matches(name) { found = value }
        }
        return found
    }

    /// Loose routing (RFC 3261 section 19.1.1).
    var isLooseRouter: Bool { parameter("lr") != nil }

    /// The parameters in their order, escapes as they stand.
    func forEachParameter(_ body: (_ name: Bytes, _ value: Bytes) -> Void) {
        var rest = parameters.dropFirst()
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: ";")) ?? rest.endIndex
            let part = rest[..<end]
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? end
            body(part[..<equals], part[min(equals + 1, end)...])
            rest = rest[min(end + 1, rest.endIndex)...]
        }
    }

    /// Whether the text is a SIP URI by grammar, or any URI of another scheme by its characters.
    static func isWellFormed(_ text: Bytes) -> Bool { SIPURI(text) != nil }

    init?(_ text: Bytes) {
        let span = text.span
        let end = span.count
        guard end <= MessageLimits.messageBytesMax, let scheme = Self.scheme(span) else {
            return nil
        }
        self.text = text
        self.scheme = scheme.name
        guard scheme.name == .sip || scheme.name == .sips else {
            // RFC 3986: any non-empty run of URI characters; the scheme's owner reads them.
            guard scheme.end < end, span.skip(.uri, scheme.end, end) == end else { return nil }
            port = nil
            (userRange, passwordRange, headerRange) = (nil, nil, nil)
            hostRange = ByteRange(scheme.end, scheme.end)
            parameterRange = ByteRange(end, end)
            return
        }
        var cursor = scheme.end
        if let at = span.position(of: UInt8(ascii: "@"), from: cursor, to: end) {
            let userEnd = span.skipEscaped(.user, cursor, at)
            guard userEnd > cursor else { return nil }
            userRange = ByteRange(cursor, userEnd)
            if userEnd < at {
                guard span[userEnd] == UInt8(ascii: ":"),
                    span.skipEscaped(.password, userEnd + 1, at) == at
                else { return nil }
                passwordRange = ByteRange(userEnd + 1, at)
            } else {
                passwordRange = nil
            }
            cursor = at + 1
        } else {
            (userRange, passwordRange) = (nil, nil)
        }
        guard let hostPort = HostPort(span, cursor, end),
            !Self.hasSpace(span, cursor, hostPort.end),
            let parametersEnd = Self.parametersEnd(span, hostPort.end)
        else { return nil }
        hostRange = hostPort.host
        port = hostPort.port
        parameterRange = ByteRange(hostPort.end, parametersEnd)
        guard parametersEnd < end else {
            headerRange = nil
            return
        }
        guard Self.areHeaders(span, parametersEnd, end) else { return nil }
        headerRange = ByteRange(parametersEnd + 1, end)
    }

    private static func scheme(_ text: Span<UInt8>) -> (name: URIScheme, end: Int)? {
        let end = text.skip(.scheme, 0, text.count)
        guard end > 0, end < text.count, text[end] == UInt8(ascii: ":"), isLetter(text[0]) else {
            return nil
        }
        if text.matches(0, end, "sip") { return (.sip, end + 1) }
        if text.matches(0, end, "sips") { return (.sips, end + 1) }
        if text.matches(0, end, "tel") { return (.tel, end + 1) }
        return (.other, end + 1)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { lowercased(byte) &- 97 < 26 }

    /// A URI has no white space, also not around its port's colon.
    private static func hasSpace(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        for position in lower..<upper where isLinearSpace(text[position]) { return true }
        return false
    }

    /// Where `*(";" name ["=" value])` ends: at `?` or at the end; nil when it is broken.
    private static func parametersEnd(_ text: Span<UInt8>, _ lower: Int) -> Int? {
        var cursor = lower
        while cursor < text.count, text[cursor] == UInt8(ascii: ";") {
            let nameEnd = text.skipEscaped(.uriParameter, cursor + 1, text.count)
            guard nameEnd > cursor + 1 else { return nil }
            cursor = nameEnd
            if cursor < text.count, text[cursor] == UInt8(ascii: "=") {
                cursor = text.skipEscaped(.uriParameter, nameEnd + 1, text.count)
            }
        }
        return cursor == text.count || text[cursor] == UInt8(ascii: "?") ? cursor : nil
    }

    private static func areHeaders(_ text: Span<UInt8>, _ question: Int, _ end: Int) -> Bool {
        var cursor = question
        repeat {
            let nameEnd = text.skipEscaped(.uriHeader, cursor + 1, end)
            guard nameEnd > cursor + 1, nameEnd < end, text[nameEnd] == UInt8(ascii: "=") else {
                return false
            }
            cursor = text.skipEscaped(.uriHeader, nameEnd + 1, end)
        } while cursor < end && text[cursor] == UInt8(ascii: "&")
        return cursor == end
    }
}
