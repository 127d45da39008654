import TrunkEvents

// Where the trunks are: DNS says it of those whose servers are named.
extension TrunkTable {
    /// For the resolver; each is handed out once and wants a reply.
    mutating func takeQuestions() -> [DNSQuestion] { locator.takeQuestions() }

    /// `nil` unless a server was located, or moved.
    mutating func receive(
        _ reply: DNSReply, to question: DNSQuestion, at now: MonotonicInstant,
        entropy: inout Entropy
    ) -> [TrunkAction]? {
        guard locator.receive(reply, to: question, at: now, entropy: &entropy) else {
            return nil
        }
        return lines.indices.flatMap { locate($0, at: now, &entropy) }
    }

    /// Of a name that a peer wrote; it is asked for from here on.
    mutating func hosts(of name: ServerName, at now: MonotonicInstant) -> [ServerTarget] {
        locator.targets(ofGuest: name, at: now)
    }

    private mutating func locate(
        _ index: Int, at now: MonotonicInstant, _ entropy: inout Entropy
    ) -> [TrunkAction] {
        let line = lines[index]
        let hops = hops(of: line.configuration)
        guard !hops.agrees(with: line.hops) else { return noteAbsence(of: index) }
        let wasAt = line.hops.first.map { configuration.listener(towards: $0) }
        if hops.isEmpty || wasAt == hops.first.map({ configuration.listener(towards: $0) }) {
            lines[index].move(to: hops, at: now, entropy: &entropy)
        } else {
            lines[index] = TrunkLine(
                replacing: line, hops: hops, listeners: configuration.ownListeners,
                generation: nextGeneration(), startAt: now, entropy: &entropy)
        }
        return [.record(.trunkLocated(TrunkLocated(trunk: line.name, hosts: hops.ranked)))]
            + noteAbsence(of: index)
    }

    /// The fact that a trunk takes no calls since nobody can tell where it is, each time that the
    /// cause is another one. Of several servers the one counts that the resolver was silent about.
    mutating func noteAbsence(of index: Int) -> [TrunkAction] {
        let line = lines[index]
        var cause: ProbeFailure?
        if line.hops.isEmpty {
            let causes = line.configuration.serverNames.map { locator.absence(of: $0) }
            guard !causes.contains(nil) else { return [] }
            cause = causes.contains(.resolver) ? .resolver : .notLocated
        }
        guard cause != line.absence else { return [] }
        lines[index].absence = cause
        return cause.map {
            [.record(.trunkUnreachable(TrunkUnreachable(trunk: line.name, cause: $0)))]
        } ?? []
    }

    mutating func serveNames(at now: MonotonicInstant) {
        var names: [ServerName] = []
        for name in configuration.trunks.flatMap(\.serverNames) where !names.contains(name) {
            names.append(name)
        }
        locator.serve(names, reaching: TransportReach(configuration.listeners), at: now)
    }

    func hops(of trunk: TrunkConfiguration) -> FirstHops {
        FirstHops(
            trunk.firstServers.map { server in
                switch server {
                case .endpoint(let endpoint):
                    [ServerTarget(priority: 0, weight: 0, endpoints: [endpoint])]
                case .named(let name):
                    locator.targets(of: name)
                }
            })
    }

    /// A hop of a trunk did not serve a call. The fact that it asked for a pause, or none.
    mutating func fail(
        _ hop: Endpoint, of trunk: TrunkName, refusing response: SIPMessage?,
        at now: MonotonicInstant
    ) -> Event? {
        guard let index = lines.firstIndex(where: { $0.name == trunk }) else { return nil }
        return lines[index].fail(hop, refusing: response, at: now)
    }

    /// Where DNS locates the servers of each trunk that names any.
    var locatedPeers: [TrunkName: [Endpoint]] {
        var peers: [TrunkName: [Endpoint]] = [:]
        for trunk in configuration.trunks where !trunk.serverNames.isEmpty {
            peers[trunk.name] = trunk.serverNames.flatMap { locator.targets(of: $0) }
                .flatMap(\.endpoints)
        }
        return peers
    }

    /// The name that a certificate must bear at each endpoint on TLS (RFC 5922 section 4): the one
    /// that was configured, or else the one that a peer wrote, not one that DNS led to.
    var peerNames: [Endpoint: Octets] {
        var names: [Endpoint: Octets] = [:]
        for name in locator.guestNames + configuration.trunks.flatMap(\.serverNames) {
            for endpoint in locator.targets(of: name).flatMap(\.endpoints)
            where endpoint.transport == .tls {
                names[endpoint] = name.host
            }
        }
        return names
    }
}
