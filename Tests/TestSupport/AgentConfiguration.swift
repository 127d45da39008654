/// The configuration of an agent under test, written out as the YAML that users write.
public struct AgentConfiguration: Sendable {
    public struct Trunk: Sendable {
        public var name: String
        /// `register: ...` or `address: ...`
        public var way: String
        public var channels: Int
        public var extra: [String]

        public init(name: String, way: String, channels: Int, extra: [String] = []) {
            self.name = name
            self.way = way
            self.channels = channels
            self.extra = extra
        }

        public static func registered(
            _ name: String, at peer: Peer, channels: Int, extra: [String] = [],
            user: String = "2125550100", secret: String = "secret"
        ) -> Trunk {
            Trunk(
                name: name, way: "register: \(user):\(secret)@\(peer)", channels: channels,
                extra: extra)
        }

        public static func byAddress(
            _ name: String, at peer: Peer, channels: Int, extra: [String] = []
        ) -> Trunk {
            Trunk(
                name: name, way: "address: sip:\(peer)", channels: channels,
                extra: ["match: [\(peer.address)]"] + extra)
        }
    }

    public var listen: Peer
    public var dialerMatch: [String]
    public var dialerContact: Peer
    public var trunks: [Trunk]
    public var dids: [String]
    /// Of the listener, the dialer and the trunks.
    public var transport: SIPTransport
    /// Beside `listen`, as they are written.
    public var moreListeners: [String] = []
    public var extra: [String] = []
    /// Of the dialer.
    public var dialerExtra: [String] = []
    public var policy = "priority"
    /// As the route's list has them, where they are more than names.
    public var routeTrunks: [String]?

    public init(
        listen: Peer, dialerMatch: [String] = ["127.0.0.2"], dialerContact: Peer, trunks: [Trunk],
        dids: [String] = [], transport: SIPTransport = .udp
    ) {
        self.listen = listen
        self.dialerMatch = dialerMatch
        self.dialerContact = dialerContact
        self.trunks = trunks
        self.dids = dids
        self.transport = transport
    }

    /// Each trunk belongs to a carrier of its own, named like the trunk up to its last dash.
    public func yaml(ledger: String) -> String {
        let listeners = ["\(transport)://\(listen)"] + moreListeners
        var lines = [
            "node: test1", "ledger: \(ledger)",
            "listen: [\(listeners.map { "\"\($0)\"" }.joined(separator: ", "))]", "dialers:",
            "  - name: vicidial", "    match: [\(dialerMatch.joined(separator: ", "))]",
            "    contact: sip:\(dialerContact)\(transport.parameter)",
            "    reference: from_display",
        ]
        lines += dialerExtra.map { "    \($0)" } + ["carriers:"]
        for trunk in trunks {
            lines += [
                "  - name: \(trunk.name.prefix { $0 != "-" })", "    trunks:",
                "      - name: \(trunk.name)", "        \(trunk.way)\(transport.parameter)",
                "        channels: \(trunk.channels)",
            ]
            lines += trunk.extra.map { "        \($0)" }
        }
        let names = (routeTrunks ?? trunks.map(\.name)).joined(separator: ", ")
        lines += [
            "routes:", "  - prefix: \"+1\"", "    trunks: [\(names)]", "    policy: \(policy)",
        ]
        lines += ["numbers:", "  country: \"1\"", "  international: [\"011\", \"00\"]"]
        if !dids.isEmpty { lines += ["inbound:"] }
        lines += dids.flatMap { ["  - did: \"\($0)\"", "    to: vicidial"] }
        return (lines + extra).joined(separator: "\n") + "\n"
    }
}

/// What SIP travels on between the processes of a test.
public enum SIPTransport: String, Sendable, CustomStringConvertible {
    case udp
    case tcp
    case tls

    public var description: String { rawValue }

    /// As a URI names it.
    var parameter: String { self == .udp ? "" : ";transport=\(self)" }

    /// As SIPp's `-t` names it, with one connection for all calls.
    var sippName: String {
        switch self {
        case .udp: "u1"
        case .tcp: "t1"
        case .tls: "l1"
        }
    }
}
