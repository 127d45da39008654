import TrunkEvents

/// The configuration in the shape in which calls ask it.
struct AgentDirectory: Sendable {
    let configuration: AgentConfiguration
    let trunks: [TrunkName: TrunkConfiguration]
    let routes: RouteTable
    let normalizer: NumberNormalizer
    let numberWriter: NumberWriter
    let inboundNumbers: InboundNumberTable
    let ownListeners: OwnListeners
    /// Some dialer has to show a password.
    let asksPasswords: Bool
    private let listenerNames: [Endpoint: ListenerNames]
    /// Where DNS locates the servers of those trunks that name any.
    var located: [TrunkName: [Endpoint]] = [:]

    init(_ configuration: AgentConfiguration) {
        self.configuration = configuration
        trunks = Dictionary(
            configuration.trunks.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        routes = RouteTable(
            configuration.routes, plan: configuration.numbering,
            localTime: configuration.localTime)
        normalizer = NumberNormalizer(configuration.numbering)
        numberWriter = NumberWriter(configuration.numbering)
        inboundNumbers = InboundNumberTable(
            configuration.inboundNumbers, normalizer: normalizer)
        asksPasswords = configuration.dialers.contains { $0.credentials != nil }
        ownListeners = configuration.ownListeners
        listenerNames = Dictionary(
            configuration.listeners.map { listener in
                (listener, ListenerNames(listener, advertisedHost: configuration.advertisedHost))
            }, uniquingKeysWith: { first, _ in first })
    }

    func dialer(named name: ShortName) -> DialerConfiguration? {
        configuration.dialers.first { $0.name == name }
    }
}

/// Whoever may talk to this agent.
enum KnownPeer: Sendable {
    case dialer(DialerConfiguration)
    case trunk(TrunkConfiguration)

    var calls: CallSettings {
        switch self {
        case .dialer(let dialer): dialer.calls
        case .trunk(let trunk): trunk.calls
        }
    }
}

extension AgentDirectory {
    /// Who sends from there; `nil` for a stranger. A trunk's exact addresses and ports come first,
    /// since a test bed may have all of them on one host; then dialers, then trunks' sources.
    ///
    /// Where several trunks share a source, an inbound call belongs to the one that registered the
    /// user that it calls.
    func peer(at source: Endpoint, calling users: [Bytes] = []) -> KnownPeer? {
        switch place(at: source, calling: users) {
        case .dialer(let index): .dialer(configuration.dialers[index])
        case .trunk(let index): .trunk(configuration.trunks[index])
        case nil: nil
        }
    }

    /// Each message asks, and a peer's settings have many references to copy.
    func knows(_ source: Endpoint) -> Bool { place(at: source, calling: []) != nil }

    /// Where a peer stands in the configuration.
    private enum Place {
        case dialer(Int)
        case trunk(Int)
    }

    private func place(at source: Endpoint, calling users: [Bytes]) -> Place? {
        if let trunk = trunk(
            calling: users, where: { $0.isAsked(at: source) || isLocated($0, at: source) })
        {
            return .trunk(trunk)
        }
        let dialer = configuration.dialers.firstIndex { dialer in
            dialer.sources.contains { $0.contains(source.address) }
        }
        if let dialer { return .dialer(dialer) }
        return trunk(calling: users) { isSource(source.address, of: $0) }.map { .trunk($0) }
    }

    private func isLocated(_ trunk: TrunkConfiguration, at source: Endpoint) -> Bool {
        !located.isEmpty && located[trunk.name]?.contains(source) == true
    }

    /// Whether a trunk's inbound calls may come from there.
    func isSource(_ address: IPAddress, of trunk: TrunkConfiguration) -> Bool {
        if trunk.sources.contains(where: { $0.contains(address) }) { return true }
        guard trunk.matchesServers else { return false }
        return located[trunk.name]?.contains { $0.address == address } ?? false
    }

    private func trunk(
        calling users: [Bytes], where matches: (TrunkConfiguration) -> Bool
    ) -> Int? {
        var first: Int?
        // By index: each message asks, and an element would be copied with all its references.
        for index in configuration.trunks.indices where matches(configuration.trunks[index]) {
            if !users.isEmpty,
                configuration.trunks[index].registration?.isCalled(by: users) == true
            {
                return index
            }
            first = first ?? index
        }
        return first
    }
}

/// How this agent writes one of its listeners.
struct ListenerNames: Sendable {
    /// `host:port`, for Via.
    let sentBy: [UInt8]
    /// The Contact value of a dialog on it.
    let contact: [UInt8]
    /// The host alone, for From and To.
    let host: [UInt8]

    init(_ listener: Endpoint, advertisedHost: Octets?) {
        let address = OwnAddress(listener: listener, advertisedHost: advertisedHost)
        sentBy = address.hostPort
        contact = MessageWriter.nameAddress(uri: address.contact(user: nil)[...])
        let colon = sentBy.lastIndex(of: UInt8(ascii: ":")) ?? sentBy.endIndex
        host = Array(sentBy[..<colon])
    }
}

// What this agent calls itself.
extension AgentDirectory {
    func sentBy(_ listener: Endpoint) -> [UInt8] { names(of: listener).sentBy }

    func contact(_ listener: Endpoint) -> [UInt8] { names(of: listener).contact }

    func host(_ listener: Endpoint) -> [UInt8] { names(of: listener).host }

    /// A dialog may outlive its listener's place in the configuration.
    private func names(of listener: Endpoint) -> ListenerNames {
        listenerNames[listener]
            ?? ListenerNames(listener, advertisedHost: configuration.advertisedHost)
    }

    func listener(towards remote: Endpoint) -> Endpoint {
        ownListeners.listener(towards: remote)
    }

    var reach: TransportReach { ownListeners.reach }
}
