internal import SIPAgent
internal import TrunkEvents

/// From YAML to checked values, in the order in which one part needs another: listeners and
/// names first, then what refers to them.
struct ConfigurationReader {
    var findings: ConfigurationFindings
    let directory: String
    let surroundings: ConfigurationSurroundings

    var callDefaults = CallSettings()
    var listeners: [Endpoint] = []
    /// The hosts that peers on TLS were written as.
    var peerNames: [Endpoint: Octets] = [:]
    var dialers: [Located<DialerConfiguration>] = []
    var carriers: [Located<CarrierName>] = []
    var trunks: [Located<TrunkConfiguration>] = []
    /// Names that were written, whether or not the rest of their section is right.
    var dialerNames: Set<String> = []
    var trunkNames: Set<String> = []
    /// Who answers for which source, for the check that no two do.
    var sources: [Located<SourceClaim>] = []

    struct SourceClaim: Hashable {
        var range: AddressRange
        /// `trunk 'alpha-1'`, `dialer 'vicidial'`.
        var owner: String
        /// They tell two accounts with one carrier apart: the users that their calls are for.
        var registeredUsers: [Octets]

        /// True when a request from a shared address could be either's.
        func clashes(with other: Self) -> Bool {
            guard owner != other.owner, range.overlaps(other.range) else { return false }
            if registeredUsers.isEmpty || other.registeredUsers.isEmpty { return true }
            return registeredUsers.contains { other.registeredUsers.contains($0) }
        }
    }

    init(file: String, surroundings: ConfigurationSurroundings) {
        findings = ConfigurationFindings(file: file)
        directory = FilePath.directory(of: file)
        self.surroundings = surroundings
    }

    private static let keys = [
        "node", "ledger", "listen", "advertise", "tls", "dialers", "carriers", "routes", "numbers",
        "inbound", "calls", "security", "dns",
    ]

    /// `nil` only beside a problem.
    mutating func read(_ root: ConfigurationNode) -> RecorderConfiguration? {
        guard let top = findings.section(root, "the configuration", keys: Self.keys) else {
            return nil
        }
        let node = findings.required("node", in: top, example: "pbx1")
            .flatMap { name($0, "node") }
        let ledger = findings.required("ledger", in: top, example: "./ledger")
            .flatMap { findings.single($0, "ledger")?.text }
        let advertised = readAdvertise(top)
        readListeners(top, advertised: advertised)
        readCallDefaults(top)
        for node in findings.list("dialers", in: top) { readDialer(node) }
        for node in findings.list("carriers", in: top) { readCarrier(node) }
        checkSources()
        let tls = readTLS(top)
        let security = readSecurity(top)
        let dns = readDNS(top)
        let numbering = readNumbering(top)
        let routes = readRoutes(top, numbering)
        let localTime =
            routes.contains { $0.hours != nil } ? surroundings.localTime() : LocalTime.utc
        let inbound = readInbound(top)
        guard let node, let ledger else { return nil }
        let agent = AgentConfiguration(
            node: node, listeners: listeners, advertisedHost: advertised,
            dialers: dialers.map(\.value), trunks: trunks.map(\.value), routes: routes,
            inboundNumbers: inbound, numbering: numbering, localTime: localTime,
            security: security)
        return RecorderConfiguration(
            agent: agent, tls: tls, dns: dns, ledgerPath: FilePath.resolve(ledger, from: directory),
            file: findings.file)
    }

    private mutating func readListeners(_ top: ConfigurationSection, advertised: Octets?) {
        let shown = advertised.flatMap { IPAddress($0.description.filter { !"[]".contains($0) }) }
        guard findings.required("listen", in: top, example: "[udp://127.0.0.1:5062]") != nil
        else { return }
        for node in findings.texts("listen", in: top) {
            guard let listen = findings.check("listen", node, ListenText.init) else { continue }
            if listeners.contains(listen.endpoint) {
                findings.add("'\(node.text ?? "")' is written twice; keep one", at: node.place)
            } else if listen.endpoint.address.isUnspecified, top["advertise"] == nil {
                findings.add(
                    "listening on every address needs 'advertise'; add 'advertise: ' with the "
                        + "address that carriers see", at: node.place)
            } else if listen.endpoint.address.isUnspecified, let shown,
                shown.isV4 != listen.endpoint.address.isV4
            {
                findings.add(
                    "listening on every address of one family, but 'advertise' is of the other; "
                        + "write here the address that carriers see, or a host name there",
                    at: node.place)
            } else {
                listeners.append(listen.endpoint)
            }
        }
    }

    private mutating func readAdvertise(_ top: ConfigurationSection) -> Octets? {
        guard let node = findings.text("advertise", in: top) else { return nil }
        return findings.check("advertise", node) { text throws(TextProblem) in
            let place = try HostPort(text)
            guard place.port == nil else {
                throw TextProblem("it takes no port; write only the address")
            }
            return place.uriHost
        }
    }

    /// A name, told apart from nonsense.
    mutating func name(_ node: ConfigurationNode, _ key: String) -> ShortName? {
        guard let single = findings.single(node, key) else { return nil }
        return findings.check(key, single) { text throws(TextProblem) in
            guard let name = ShortName(text) else {
                throw TextProblem(
                    "'\(text)' is no name; a name has 1 to \(ShortName.byteCountMax) bytes "
                        + "and no control characters")
            }
            return name
        }
    }

    /// The one address that requests are sent to: of the addresses of a host name, the first that
    /// a listener can reach.
    mutating func endpoint(
        _ place: HostPort, _ transport: TransportProtocol, at mark: ConfigurationPlace
    ) -> Endpoint? {
        let found = place.literal.map { [$0] } ?? surroundings.addresses(place.host)
        guard let first = found.first else {
            findings.add(
                "the host name '\(place.host)' has no address; check the name and this machine's "
                    + "DNS, or write the address", at: mark)
            return nil
        }
        let reachable = found.first { address in
            listeners.contains {
                $0.transport == transport && $0.address.isV4 == address.isV4
            }
        }
        if reachable == nil, !listeners.isEmpty {
            let family = first.isV4 ? "IPv4" : "IPv6"
            let example = "\(transport)://\(first.isV4 ? "0.0.0.0" : "[::]"):\(transport.sipPort)"
            findings.add(
                "no listener speaks \(transport) over \(family), which '\(place.host)' needs; add "
                    + "one to 'listen', e.g. \(example)", at: mark)
        }
        let endpoint = Endpoint(
            transport: transport, address: reachable ?? first,
            port: place.port ?? transport.sipPort)
        if transport == .tls { peerNames[endpoint] = Octets(place.host) }
        return endpoint
    }

    /// The ranges of a `match` list.
    mutating func sources(_ section: ConfigurationSection) -> [Located<AddressRange>] {
        findings.texts("match", in: section).flatMap { node -> [Located<AddressRange>] in
            let parsed = findings.check("match", node) { text throws(TextProblem) in
                if let range = try AddressRangeText.parse(text) { return [range] }
                let addresses = surroundings.addresses(text)
                guard !addresses.isEmpty else {
                    throw TextProblem(
                        "the host name '\(text)' has no address; check the name and this "
                            + "machine's DNS, or write the address")
                }
                return addresses.map { AddressRange(base: $0) }
            }
            return (parsed ?? []).map { Located(value: $0, place: node.place) }
        }
    }

    mutating func claim(
        _ ranges: [Located<AddressRange>], for owner: String, registering users: [Octets] = []
    ) {
        sources += ranges.map {
            Located(
                value: SourceClaim(range: $0.value, owner: owner, registeredUsers: users),
                place: $0.place)
        }
    }

    /// A request's source says whose it is, so that no address may belong to two, but for accounts
    /// with one carrier, which have users of their own.
    private mutating func checkSources() {
        for index in sources.indices {
            let later = sources[index].value
            let clash = sources[..<index].first { $0.value.clashes(with: later) }
            guard let clash else { continue }
            findings.add(
                "\(later.owner) and \(clash.value.owner) (line \(clash.place.line)) both match "
                    + "\(later.range); a source belongs to one: change 'match' of either, "
                    + "or write 'match: []' for a trunk that calls from its own address and port "
                    + "only",
                at: sources[index].place)
        }
    }
}
