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
    private let head: ViaHeadLayout

    var transport: ViaTransport { head.transport }
    var port: UInt16? { head.sentBy.port }

    /// sent-by's host; IPv6 with its brackets.
    var host: Bytes { text[head.sentBy.host] }

    /// sent-by as it stands, e.g. `host:5060`.
    var sentBy: Bytes { text[ByteRange(head.sentBy.host.start, head.sentBy.end)] }

    var parameters: Parameters {
        Parameters(checked: text[ByteRange(head.sentBy.end, text.count)])
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
        guard let head = Self.layout(span, 0, span.count) else { return nil }
        self.text = text
        self.head = head
    }

    /// For text that was found well-formed before.
    init(checked text: Bytes) {
        let span = text.span
        guard let head = ViaHeadLayout(span, 0, span.count) else {
            preconditionFailure("a text that was no Via was taken for one")
        }
        self.text = text
        self.head = head
    }

    /// The branch of a value in a message, empty where there is none; nil when the value does not
    /// follow the grammar.
    static func branch(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> ByteRange? {
        guard let head = ViaHeadLayout(text, lower, upper), head.isVersion2 else { return nil }
        return Parameters.value(of: "branch", in: text, head.sentBy.end, upper)
    }

    /// Whether an answer can be sent by this value: it names a hop, whatever follows, and whatever
    /// version it speaks.
    static func isAnswerable(_ text: Bytes) -> Bool {
        ViaHeadLayout(text.span, 0, text.count) != nil
    }

    private static func layout(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) -> ViaHeadLayout? {
        guard let head = ViaHeadLayout(text, lower, upper), head.isVersion2,
            Parameters.isWellFormed(text, head.sentBy.end, upper)
        else { return nil }
        return head
    }
}

/// `SIP/2.0/UDP host:port`, with white space allowed between all parts.
private struct ViaHeadLayout {
    let isVersion2: Bool
    let transport: ViaTransport
    let sentBy: HostPort

    init?(_ text: Span<UInt8>, _ lower: Int, _ upper: Int) {
        guard let name = Self.token(text, lower, upper), text.matches(name.start, name.end, "SIP"),
            let version = Self.slashToken(text, name.end, upper),
            let transport = Self.slashToken(text, version.end, upper)
        else { return nil }
        let hostStart = text.skipSpace(transport.end, upper)
        guard hostStart > transport.end, let sentBy = HostPort(text, hostStart, upper) else {
            return nil
        }
        isVersion2 = text.matches(version.start, version.end, "2.0")
        self.transport = ViaTransport(text, transport.start, transport.end)
        self.sentBy = sentBy
    }

    private static func token(_ text: Span<UInt8>, _ at: Int, _ upper: Int) -> ByteRange? {
        let start = text.skipSpace(at, upper)
        let end = text.skip(.token, start, upper)
        return end > start ? ByteRange(start, end) : nil
    }

    private static func slashToken(_ text: Span<UInt8>, _ at: Int, _ upper: Int) -> ByteRange? {
        let slash = text.skipSpace(at, upper)
        guard slash < upper, text[slash] == UInt8(ascii: "/") else { return nil }
        return token(text, slash + 1, upper)
    }
}
