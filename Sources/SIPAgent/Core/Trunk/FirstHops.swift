import TrunkEvents

/// Where a trunk's requests can go first: the targets of its outbound proxy, or of its server and
/// then of each backup registrar. It remembers which of them failed: they are asked last for a
/// while (RFC 3263 section 4.3). Those that asked for a pause are not asked for calls until it is
/// over (RFC 3261 section 21.5.4).
struct FirstHops: Hashable, Sendable {
    /// One for each server, in the configuration's order; without those that are not located.
    private var servers: [[ServerTarget]]
    private var failing: [Endpoint: MonotonicInstant] = [:]
    /// When their pauses end.
    private var resting: [Endpoint: MonotonicInstant] = [:]

    static let failurePause = Nanoseconds.seconds(60)

    init(_ servers: [[ServerTarget]] = []) {
        self.servers = servers.filter { !$0.isEmpty }
    }

    var isEmpty: Bool { servers.isEmpty }

    private var endpoints: [Endpoint] { servers.joined().flatMap(\.endpoints) }

    /// Whether it is one of several.
    func isOneOfMany(_ hop: Endpoint) -> Bool {
        let endpoints = endpoints
        return endpoints.count > 1 && endpoints.contains(hop)
    }

    /// All of them, the most wanted first.
    var ranked: [Endpoint] {
        servers.flatMap { $0.sorted { $0.priority < $1.priority } }.flatMap(\.endpoints)
    }

    /// Any of those that are asked first.
    var first: Endpoint? { ranked.first }

    /// The one to ask without a draw: the first of those that do not fail.
    func preferred(at now: MonotonicInstant) -> Endpoint? {
        failingLast(ranked, at: now).first
    }

    /// Whether DNS names the same, whatever failed.
    func agrees(with other: FirstHops) -> Bool { servers == other.servers }

    /// DNS names others now. `false`: they are the same.
    mutating func move(to other: FirstHops) -> Bool {
        guard !agrees(with: other) else { return false }
        servers = other.servers
        let endpoints = endpoints
        failing = failing.filter { endpoints.contains($0.key) }
        return true
    }

    mutating func fail(_ hop: Endpoint, at now: MonotonicInstant) {
        guard endpoints.contains(hop) else { return }
        failing[hop] = now.advanced(by: Self.failurePause)
    }

    /// `false`: as far as seconds tell, it was known.
    mutating func rest(_ hop: Endpoint, until end: MonotonicInstant, at now: MonotonicInstant)
        -> Bool
    {
        resting = resting.filter { $0.value > now }
        guard end.isSecondsAfter(resting[hop]) else { return false }
        resting[hop] = end
        return true
    }

    /// Another set of hops knows what these were told.
    mutating func inheritRests(of other: FirstHops) { resting = other.resting }

    /// Whether no host may be asked for a call now; see ``order(from:at:using:)``.
    func areResting(from bound: Endpoint?, at now: MonotonicInstant) -> Bool {
        guard !resting.isEmpty, !isEmpty else { return false }
        return server(of: bound).allSatisfy { target in
            target.endpoints.allSatisfy { rests($0, at: now) }
        }
    }

    private func rests(_ hop: Endpoint, at now: MonotonicInstant) -> Bool {
        resting[hop].map { $0 > now } ?? false
    }

    mutating func revive(_ hop: Endpoint) {
        guard !failing.isEmpty else { return }
        failing[hop] = nil
    }

    /// All of them, in the order in which one request asks them.
    func order(at now: MonotonicInstant, using entropy: inout Entropy) -> [Endpoint] {
        var order: [Endpoint] = []
        for targets in servers {
            for hop in targets.drawn(using: &entropy) where !order.contains(hop) {
                order.append(hop)
            }
        }
        return failingLast(order, at: now)
    }

    /// For a call: of a registered trunk the registrar that has the binding comes first, and only
    /// those that DNS names beside it follow. Hosts that rest are left out, unless all do: then the
    /// call is one that heeds no pause.
    func order(
        from bound: Endpoint?, at now: MonotonicInstant, using entropy: inout Entropy
    ) -> [Endpoint] {
        let server = server(of: bound)
        if server.count == 1, server[0].endpoints.count == 1 { return server[0].endpoints }
        var order = server.drawn(using: &entropy)
        if let bound, order.contains(bound) { order = [bound] + order.filter { $0 != bound } }
        let awake = resting.isEmpty ? order : order.filter { !rests($0, at: now) }
        return failingLast(awake.isEmpty ? order : awake, at: now)
    }

    private func server(of bound: Endpoint?) -> [ServerTarget] {
        servers.first { targets in
            bound.map { hop in targets.contains { $0.endpoints.contains(hop) } } ?? true
        } ?? servers.first ?? []
    }

    private func failingLast(_ order: [Endpoint], at now: MonotonicInstant) -> [Endpoint] {
        guard !failing.isEmpty else { return order }
        let fails = { (hop: Endpoint) in self.failing[hop].map { $0 > now } ?? false }
        return order.filter { !fails($0) } + order.filter(fails)
    }
}

extension MonotonicInstant {
    /// Pauses are asked for in seconds: one that ends less than that later is the same.
    func isSecondsAfter(_ other: MonotonicInstant?) -> Bool {
        other.map { $0.duration(to: self) >= .seconds(1) } ?? true
    }
}
