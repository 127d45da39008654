public import TrunkEvents

/// The trunks of the numbers that begin with a prefix. The longest prefix wins; of several routes
/// with one prefix the first whose hours it is.
public struct RouteConfiguration: Hashable, Sendable {
    /// `+` and digits; empty matches every number.
    public var prefix: Octets
    /// `nil`: at all hours.
    public var hours: WeeklyHours?
    public var policy: RoutingPolicy
    public var trunks: [RouteTrunk]

    public init(
        prefix: Octets, hours: WeeklyHours? = nil, policy: RoutingPolicy = .priority,
        trunks: [RouteTrunk]
    ) {
        self.prefix = prefix
        self.hours = hours
        self.policy = policy
        self.trunks = trunks
    }

    /// Tried in this order.
    public init(prefix: Octets, trunks: [TrunkName]) {
        self.init(prefix: prefix, trunks: trunks.map { RouteTrunk(name: $0) })
    }
}

/// A trunk of a route.
public struct RouteTrunk: Hashable, Sendable {
    public var name: TrunkName
    /// Its part of the calls, where the policy shares them out: a weight, or a percentage.
    public var share: UInt32

    public init(name: TrunkName, share: UInt32 = 1) {
        self.name = name
        self.share = share
    }
}

/// In which order a call asks the trunks of its route. Whatever the policy, the others follow when
/// the first has no channel or its carrier fails.
public enum RoutingPolicy: UInt8, Hashable, Sendable, CaseIterable {
    /// As they are written.
    case priority
    /// Drawn by their weights, call by call.
    case weighted
    /// Each call begins one further.
    case roundRobin
    /// Of 100 calls each trunk is the first for exactly as many as its percentage says.
    case percent
    /// The one with the smallest share of its channels in use comes first.
    case leastUsed
}

extension RoutingPolicy: CustomStringConvertible {
    /// As the configuration names it.
    public var description: String {
        switch self {
        case .priority: "priority"
        case .weighted: "weighted"
        case .roundRobin: "round_robin"
        case .percent: "percent"
        case .leastUsed: "least_used"
        }
    }
}
