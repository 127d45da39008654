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
        guard let head = Head(span), head.isVersion2,
            let parameters = Parameters(text[ByteRange(head.sentBy.end, span.count)])
        else { return nil }
        self.text = text
        self.parameters = parameters
        transport = head.transport
        port = head.sentBy.port
        hostRange = head.sentBy.host
    }

    /// Whether an answer can be sent by this value: it names a hop, whatever follows, and whatever
    /// version it speaks.
    static func isAnswerable(_ text: Bytes) -> Bool { Head(text.span) != nil }

    /// `SIP/2.0/UDP host:port`, with white space allowed between all parts.
    private struct Head {
        let isVersion2: Bool
        let transport: ViaTransport
        let sentBy: HostPort

        init?(_ text: Span<UInt8>) {
            guard let name = Self.token(text, 0), text.matches(name.start, name.end, "SIP"),
                let version = Self.slashToken(text, name.end),
                let transport = Self.slashToken(text, version.end)
            else { return nil }
            let hostStart = text.skipSpace(transport.end, text.count)
            guard hostStart > transport.end, let sentBy = HostPort(text, hostStart, text.count)
            else {
                return nil
            }
            isVersion2 = text.matches(version.start, version.end, "2.0")
            self.transport = ViaTransport(text, transport.start, transport.end)
            self.sentBy = sentBy
        }

        private static func token(_ text: Span<UInt8>, _ at: Int) -> ByteRange? {
            let start = text.skipSpace(at, text.count)
            let end = text.skip(.token, start, text.count)
            return end > start ? ByteRange(start, end) : nil
        }

        private static func slashToken(_ text: Span<UInt8>, _ at: Int) -> ByteRange? {
            let slash = text.skipSpace(at, text.count)
            guard slash < text.count, text[slash] == UInt8(ascii: "/") else { return nil }
            return token(text, slash + 1)
        }
    }
}
