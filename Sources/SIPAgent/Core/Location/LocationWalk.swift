import TrunkEvents

/// Locates a server by what DNS has said so far (RFC 3263 section 4):
///
/// ```
///  port written ---------------------------------------------> A, AAAA
///  transport written --------------------> SRV --none--------> A, AAAA
///  neither ------> NAPTR --------> SRV --+  |
///                    |  none             |  +--> A, AAAA of each target
///                    +--> SRV of each ---+
///                         transport  --none------------------> A, AAAA
/// ```
///
/// The walk notes each question that it comes to, whether or not it is answered yet.
struct LocationWalk {
    private let cache: DNSCache
    private let reach: TransportReach
    private(set) var questions: Set<DNSQuestion> = []
    /// Nothing that it came to is still to be answered.
    private(set) var isComplete = true
    /// The resolver could not say something.
    private(set) var hasFailures = false

    /// NAPTR records beyond this many in their order are not followed.
    private static let servicesMax = 4

    init(_ cache: DNSCache, _ reach: TransportReach) {
        self.cache = cache
        self.reach = reach
    }

    mutating func targets(of name: ServerName) -> [ServerTarget] {
        let assumed = name.transport.assumed
        if let port = name.port { return host(name.host, port, assumed) }
        if case .exactly(let transport) = name.transport {
            switch service(Self.name(of: transport, at: name.host), transport) {
            case .targets(let targets): return targets
            case .none: return host(name.host, transport.sipPort, transport)
            case .denied, .open: return []
            }
        }
        return chosen(name) ?? host(name.host, assumed.sipPort, assumed)
    }

    /// Section 4.1: DNS chooses the transport. `nil`: it has no services of that name.
    private mutating func chosen(_ name: ServerName) -> [ServerTarget]? {
        guard let offers = offers(name) else { return [] }
        for offer in offers {
            switch service(offer.name, offer.transport) {
            case .targets(let targets): return targets
            case .open: return []
            case .none, .denied: continue
            }
        }
        var isDenied = false
        for transport in name.transport.choices where reach.speaks(transport) {
            switch service(Self.name(of: transport, at: name.host), transport) {
            case .targets(let targets): return targets
            case .open: return []
            case .denied: isDenied = isDenied || transport == name.transport.assumed
            case .none: continue
            }
        }
        return isDenied ? [] : nil
    }

    /// The SRV names of the NAPTR records that we can follow, in their order; `nil` while nobody
    /// knows. A resolver that cannot say counts as none: old ones fail at this kind of record.
    private mutating func offers(
        _ name: ServerName
    ) -> [(name: Octets, transport: TransportProtocol)]? {
        let finding = ask(.naptr(name.host))
        guard finding != .open else { return nil }
        guard case .known(.naptr(let records)) = finding else { return [] }
        let ranked = records.sorted {
            ($0.order, $0.preference, $0.service.description)
                < ($1.order, $1.preference, $1.service.description)
        }
        let offers = ranked.compactMap { record in
            Self.transport(of: record).map { (record.replacement, $0) }
        }
        return offers.filter { name.transport.choices.contains($0.1) && reach.speaks($0.1) }
            .prefix(Self.servicesMax).map { (name: $0.0, transport: $0.1) }
    }

    /// Section 4.1's services; SCTP is not spoken here.
    private static func transport(of record: NAPTRRecord) -> TransportProtocol? {
        guard record.flags.description.lowercased() == "s" else { return nil }
        switch record.service.description.uppercased() {
        case "SIP+D2U": return .udp
        case "SIP+D2T": return .tcp
        case "SIPS+D2T": return .tls
        default: return nil
        }
    }

    /// Section 4.2: the SRV name of a transport.
    static func name(of transport: TransportProtocol, at host: Octets) -> Octets {
        switch transport {
        case .udp: Octets("_sip._udp.\(host)")
        case .tcp: Octets("_sip._tcp.\(host)")
        case .tls: Octets("_sips._tcp.\(host)")
        }
    }

    private enum Service {
        case targets([ServerTarget])
        case none
        /// RFC 2782: the only target is "."
        case denied
        case open
    }

    private mutating func service(_ name: Octets, _ transport: TransportProtocol) -> Service {
        // Without an answer nobody knows that there are none: the host itself may be a web server.
        guard case .known(let answer) = ask(.srv(name)) else { return .open }
        guard case .srv(let records) = answer, !records.isEmpty else { return .none }
        if records.allSatisfy(\.target.isEmpty) { return .denied }
        return .targets(
            records.prefix(DNSAnswer.recordsMax).flatMap { record in
                host(
                    record.target, record.port, transport, priority: record.priority,
                    weight: record.weight)
            })
    }

    /// The addresses that we can reach; those of a target whose name is not known are left out.
    private mutating func host(
        _ name: Octets, _ port: UInt16, _ transport: TransportProtocol, priority: UInt16 = 0,
        weight: UInt16 = 0
    ) -> [ServerTarget] {
        guard !name.isEmpty, case .known(.addresses(let addresses)) = ask(.addresses(name)) else {
            return []
        }
        let endpoints = Set(addresses.prefix(DNSAnswer.recordsMax)).sorted()
            .filter { reach.reaches($0, over: transport) }
            .map { Endpoint(transport: transport, address: $0, port: port) }
        guard !endpoints.isEmpty else { return [] }
        return [ServerTarget(priority: priority, weight: weight, endpoints: endpoints)]
    }

    private mutating func ask(_ question: DNSQuestion) -> DNSCache.Finding {
        questions.insert(question)
        let finding = cache.finding(of: question)
        switch finding {
        case .known: break
        case .open: isComplete = false
        case .failed: hasFailures = true
        }
        return finding
    }
}
