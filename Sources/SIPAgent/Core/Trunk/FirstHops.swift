import TrunkEvents

/// Where a trunk's requests can go first: the targets of its outbound proxy, or of its server and
/// then of each backup registrar. It remembers which of them failed: they are asked last for a
/// while (RFC 3263 section 4.3).
struct FirstHops: Hashable, Sendable {
    /// One for each server, in the configuration's order; without those that are not located.
    private var servers: [[ServerTarget]]
    private var failing: [Endpoint: MonotonicInstant] = [:]

    static let failurePause = Nanoseconds.seconds(60)

    init(_ servers: [[ServerTarget]] = []) {
        self.servers = servers.filter { !$0.isEmpty }
    }

    var isEmpty: Bool { servers.isEmpty }

    private var endpoints: [Endpoint] { servers.joined().flatMap(\.endpoints) }

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
    /// those that DNS names beside it follow.
    func order(
        from bound: Endpoint?, at now: MonotonicInstant, using entropy: inout Entropy
    ) -> [Endpoint] {
        let server =
            servers.first { targets in
                bound.map { hop in targets.contains { $0.endpoints.contains(hop) } } ?? true
            } ?? servers.first ?? []
        if server.count == 1, server[0].endpoints.count == 1 { return server[0].endpoints }
        let drawn = server.drawn(using: &entropy)
        guard let bound, drawn.contains(bound) else { return failingLast(drawn, at: now) }
        return failingLast([bound] + drawn.filter { $0 != bound }, at: now)
    }

    private func failingLast(_ order: [Endpoint], at now: MonotonicInstant) -> [Endpoint] {
        guard !failing.isEmpty else { return order }
        let fails = { (hop: Endpoint) in self.failing[hop].map { $0 > now } ?? false }
        return order.filter { !fails($0) } + order.filter(fails)
    }
}
