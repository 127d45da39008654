/// What a Via names as its transport (RFC 3261 section 20.42).
enum ViaTransport: UInt8, Sendable {
    case udp, tcp, tls, sctp, ws, wss, other

    var name: StaticString {
        switch self {
        case .udp: "UDP"
        case .tcp: "TCP"
        case .tls: "TLS"
        case .sctp: "SCTP"
        case .ws: "WS"
        case .wss: "WSS"
        case .other: ""
        }
    }

    init(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) {
        self =
            switch upper - lower {
            case 2 where text.matches(lower, upper, "WS"): .ws
            case 3 where text.matches(lower, upper, "UDP"): .udp
            case 3 where text.matches(lower, upper, "TCP"): .tcp
            case 3 where text.matches(lower, upper, "TLS"): .tls
            case 3 where text.matches(lower, upper, "WSS"): .wss
            case 4 where text.matches(lower, upper, "SCTP"): .sctp
            default: .other
            }
    }
}

/// One Via value: which hop sent the request, and where its answers go.
struct Via: Sendable {
    /// The whole value, from the protocol on.
    let text: Bytes
    let transport: ViaTransport
    let port: UInt16?
    let parameters: Parameters
    private let hostRange: ByteRange

    /// sent-by's host; IPv6 with its brackets.
    var host: Bytes { text[hostRange] }

    /// sent-by as it stands, e.g. `host:5060`.
    var sentBy: Bytes {
        text[ByteRange(hostRange.start, text.count - parameters.text.count)].trimmed
    }

    /// sent-by's port, or the transport's default.
    var effectivePort: UInt16 { port ?? (transport == .tls || transport == .wss ? 5061 : 5060) }

    var branch: Bytes? { parameters.value("branch") }
    var received: Bytes? { parameters.value("received") }
    var maddr: Bytes? { parameters.value("maddr") }

    /// Whether the sender asked for symmetric response routing (RFC 3581 section 3).
    var hasRport: Bool { parameters.has("rport") }

    /// The port that the next hop saw; nil while rport is absent or empty.
    var rport: UInt16? {
        guard let value = parameters.value("rport")?.decimal, value <= 65_535 else { return nil }
        return UInt16(value)
    }

    /// Whether the branch is globally unique (RFC 3261 section 8.1.1.7); else it is RFC 2543's.
    var hasMagicCookie: Bool { branch.map(Self.hasMagicCookie) ?? false }

    static let magicCookie: StaticString = "z9hG4bK"

    static func hasMagicCookie(_ branch: Bytes) -> Bool {
        branch.count > magicCookie.utf8CodeUnitCount
            && branch.prefix(magicCookie.utf8CodeUnitCount).matches(magicCookie)
    }

    /// One element of a Via header; nil when it does not follow the grammar.
    init?(_ text: Bytes) {
        let span = text.span
        let end = span.count
        guard var cursor = Self.token("SIP", span, 0), cursor < end,
            span[cursor] == UInt8(ascii: "/"),
            let version = Self.token("2.0", span, cursor + 1), version < end,
            span[version] == UInt8(ascii: "/")
        else { return nil }
        let nameStart = span.skipSpace(version + 1, end)
        let nameEnd = span.skip(.token, nameStart, end)
        cursor = span.skipSpace(nameEnd, end)
        guard nameEnd > nameStart, cursor > nameEnd, let sentBy = HostPort(span, cursor, end) else {
            return nil
        }
        let rest = text[ByteRange(sentBy.end, end)]
        guard let parameters = Parameters(rest) else { return nil }
        self.text = text
        self.parameters = parameters
        transport = ViaTransport(span, nameStart, nameEnd)
        port = sentBy.port
        hostRange = sentBy.host
    }

    /// Past `literal` and the white space on both sides of it.
    private static func token(_ literal: StaticString, _ text: Span<UInt8>, _ at: Int) -> Int? {
        let start = text.skipSpace(at, text.count)
        let end = text.skip(.token, start, text.count)
        guard text.matches(start, end, literal) else { return nil }
        return text.skipSpace(end, text.count)
    }
}
