import TrunkEvents

/// The configuration in the shape in which calls ask it.
struct AgentDirectory: Sendable {
    let configuration: AgentConfiguration
    let trunks: [TrunkName: TrunkConfiguration]
    let routes: RouteTable
    let normalizer: NumberNormalizer
    let inboundNumbers: InboundNumberTable

    init(_ configuration: AgentConfiguration) {
        self.configuration = configuration
        trunks = Dictionary(
            configuration.trunks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        routes = RouteTable(configuration.routes, plan: configuration.numbering)
        normalizer = NumberNormalizer(configuration.numbering)
        inboundNumbers = InboundNumberTable(
            configuration.inboundNumbers, normalizer: normalizer)
    }

    func dialer(named name: ShortName) -> DialerConfiguration? {
        configuration.dialers.first { $0.name == name }
    }
}

/// Whoever may talk to this agent.
enum KnownPeer: Sendable {
    case dialer(DialerConfiguration)
    case trunk(TrunkConfiguration)
}

extension AgentDirectory {
    /// Who sends from there; `nil` for a stranger. A trunk's exact address and port come first,
    /// since a test bed may have all of them on one host; then dialers, then trunks' sources.
    ///
    /// Where several trunks share a source, an inbound call belongs to the one that registered the
    /// user that it calls.
    func peer(at source: Endpoint, calling users: [Bytes] = []) -> KnownPeer? {
        let trunks = configuration.trunks
        let exact = trunks.filter { $0.remote == source }
        if let trunk = Self.owner(of: users, among: exact) { return .trunk(trunk) }
        if let dialer = configuration.dialers.first(where: { dialer in
            dialer.sources.contains { $0.contains(source.address) }
        }) {
            return .dialer(dialer)
        }
        let matching = trunks.filter { trunk in
            trunk.sources.contains { $0.contains(source.address) }
        }
        return Self.owner(of: users, among: matching).map { .trunk($0) }
    }

    private static func owner(
        of users: [Bytes], among trunks: [TrunkConfiguration]
    ) -> TrunkConfiguration? {
        guard trunks.count > 1 else { return trunks.first }
        return trunks.first { trunk in
            guard let user = trunk.registration?.user else { return false }
            return users.contains { $0.elementsEqual(user.bytes) }
        } ?? trunks.first
    }
}

// What this agent calls itself.
extension AgentDirectory {
    private func ownAddress(_ listener: Endpoint) -> OwnAddress {
        OwnAddress(listener: listener, advertisedHost: configuration.advertisedHost)
    }

    /// `host:port` for Via.
    func sentBy(_ listener: Endpoint) -> [UInt8] { ownAddress(listener).hostPort }

    /// The Contact value of a dialog on that listener.
    func contact(_ listener: Endpoint) -> [UInt8] {
        MessageWriter.nameAddress(uri: ownAddress(listener).contact(user: nil)[...])
    }

    /// The host alone, for From and To.
    func host(_ listener: Endpoint) -> [UInt8] {
        let sentBy = sentBy(listener)
        guard let colon = sentBy.lastIndex(of: UInt8(ascii: ":")) else { return sentBy }
        return Array(sentBy[..<colon])
    }

    func listener(towards remote: Endpoint) -> Endpoint {
        configuration.listener(towards: remote)
    }
}
