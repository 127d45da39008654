enum URIScheme: UInt8, Sendable {
    case sip, sips, tel, other
}

/// A URI in its parts (RFC 3261 section 19.1). Of a scheme other than sip and sips only `scheme`
/// and `opaque` are read.
struct SIPURI: Sendable {
    let text: Bytes
    private let layout: SIPURILayout

    var scheme: URIScheme { layout.scheme }
    var isSIP: Bool { scheme == .sip || scheme == .sips }
    var user: Bytes? { layout.user.map { text[$0] } }
    var password: Bytes? { layout.password.map { text[$0] } }
    /// IPv6 with its brackets; empty for schemes other than sip and sips.
    var host: Bytes { text[layout.host] }
    /// `1...65535`; nil when the URI names none.
    var port: UInt16? { layout.port }
    /// `host[:port]` as it stands.
    var hostPort: Bytes { text[ByteRange(layout.host.start, layout.parameters.start)] }
    /// `;name=value` pairs; see also `parameter(_:)`.
    var parameters: Bytes { text[layout.parameters] }
    /// After `?`, without it.
    var headers: Bytes? { layout.headers.map { text[$0] } }
    /// What follows the scheme and its colon.
    var opaque: Bytes { text[ByteRange(layout.schemeEnd, text.count)] }

    /// nil unless the text is a SIP URI by grammar, or any URI of another scheme by its characters.
    init?(_ text: Bytes) {
        let span = text.span
        guard span.count <= MessageLimits.messageBytesMax,
            let layout = SIPURILayout(span, 0, span.count)
        else { return nil }
        self.text = text
        self.layout = layout
    }

    static func isWellFormed(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        SIPURILayout(text, lower, upper) != nil
    }

    /// Whether a request can be sent to it: a Request-URI has no headers (section 19.1.1).
    static func isTarget(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        guard let layout = SIPURILayout(text, lower, upper) else { return false }
        return layout.headers == nil
    }

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
}

/// Where the parts of a URI stand.
private struct SIPURILayout {
    let scheme: URIScheme
    /// Past the scheme's colon.
    let schemeEnd: Int
    var user: ByteRange?
    var password: ByteRange?
    var host: ByteRange
    var port: UInt16?
    var parameters: ByteRange
    var headers: ByteRange?

    init?(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) {
        guard let scheme = Self.scheme(text, lower, upper) else { return nil }
        self.scheme = scheme.name
        schemeEnd = scheme.end
        host = ByteRange(scheme.end, scheme.end)
        parameters = ByteRange(upper, upper)
        guard scheme.name == .sip || scheme.name == .sips else {
            // RFC 3986: any non-empty run of URI characters; the scheme's owner reads them.
            guard scheme.end < upper, text.skip(.uri, scheme.end, upper) == upper else {
                return nil
            }
            return
        }
        guard let hostStart = readUser(text, scheme.end, upper),
            let hostPort = HostPort(text, hostStart, upper),
            !Self.hasSpace(text, hostPort.host.end, hostPort.end),
            let parametersEnd = Self.parametersEnd(text, hostPort.end, upper)
        else { return nil }
        host = hostPort.host
        port = hostPort.port
        parameters = ByteRange(hostPort.end, parametersEnd)
        guard parametersEnd < upper else { return }
        guard Self.areHeaders(text, parametersEnd, upper) else { return nil }
        headers = ByteRange(parametersEnd + 1, upper)
    }

    /// Reads `user[:password]@` where there is one; returns where the host begins, nil when broken.
    private mutating func readUser(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Int? {
        guard let at = text.position(of: UInt8(ascii: "@"), from: lower, to: upper) else {
            return lower
        }
        let userEnd = text.skipEscaped(.user, lower, at)
        guard userEnd > lower else { return nil }
        user = ByteRange(lower, userEnd)
        if userEnd < at {
            guard text[userEnd] == UInt8(ascii: ":"),
                text.skipEscaped(.password, userEnd + 1, at) == at
            else { return nil }
            password = ByteRange(userEnd + 1, at)
        }
        return at + 1
    }

    private static func scheme(
        _ text: Span<UInt8>, _ lower: Int, _ upper: Int
    ) -> (name: URIScheme, end: Int)? {
        let end = text.skip(.scheme, lower, upper)
        guard end > lower, end < upper, text[end] == UInt8(ascii: ":"), isLetter(text[lower]) else {
            return nil
        }
        if text.matches(lower, end, "sip") { return (.sip, end + 1) }
        if text.matches(lower, end, "sips") { return (.sips, end + 1) }
        if text.matches(lower, end, "tel") { return (.tel, end + 1) }
        return (.other, end + 1)
    }

    private static func isLetter(_ byte: UInt8) -> Bool { lowercased(byte) &- 97 < 26 }

    /// A URI has no white space, also not around its port's colon.
    private static func hasSpace(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        for position in lower..<upper where isLinearSpace(text[position]) { return true }
        return false
    }

    /// Where `*(";" name ["=" value])` ends: at `?` or at the end; nil when it is broken.
    private static func parametersEnd(
        _ text: Span<UInt8>, _ lower: Int, _ upper: Int
    ) -> Int? {
        var cursor = lower
        while cursor < upper, text[cursor] == UInt8(ascii: ";") {
            let nameEnd = text.skipEscaped(.uriParameter, cursor + 1, upper)
            guard nameEnd > cursor + 1 else { return nil }
            cursor = nameEnd
            if cursor < upper, text[cursor] == UInt8(ascii: "=") {
                cursor = text.skipEscaped(.uriParameter, nameEnd + 1, upper)
            }
        }
        return cursor == upper || text[cursor] == UInt8(ascii: "?") ? cursor : nil
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
