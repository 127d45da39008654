import TrunkEvents

/// Puts the trunks of a route into the order in which a call asks them. What a policy remembers
/// between calls is in memory only: after a restart or a reload it begins anew.
struct RouteSelector: Sendable {
    /// What round robin and percent remember of a route.
    private var turns: [RouteConfiguration: Turns] = [:]

    private struct Turns {
        /// The trunk that the next call begins with.
        var next = 0
        /// What each trunk is owed, in parts of 100: the trunk that is owed most comes first.
        var owed: [Int64] = []
    }

    /// How full a trunk is.
    struct Load: Sendable {
        var inUse: UInt32
        var cap: UInt32
    }

    mutating func order(
        _ route: RouteConfiguration, entropy: inout Entropy, load: (TrunkName) -> Load
    ) -> [TrunkName] {
        let names = route.trunks.map(\.name)
        guard names.count > 1 else { return names }
        switch route.policy {
        case .priority: return names
        case .weighted: return Self.drawn(route.trunks, &entropy)
        case .roundRobin: return rotated(route)
        case .percent: return sharedOut(route)
        case .leastUsed: return Self.leastUsedFirst(names, load)
        }
    }

    /// Another configuration: routes may be gone.
    mutating func forgetAll() { turns = [:] }

    /// Each place is drawn among those that are left, by weight. Weight 0 comes after all others.
    private static func drawn(_ trunks: [RouteTrunk], _ entropy: inout Entropy) -> [TrunkName] {
        var left = trunks
        var order: [TrunkName] = []
        var total = left.reduce(UInt64(0)) { $0 + UInt64($1.share) }
        while total > 0 {
            var draw = entropy.next(upperBound: total)
            let index = left.firstIndex { trunk in
                if draw < UInt64(trunk.share) { return true }
                draw -= UInt64(trunk.share)
                return false
            }
            guard let index else { preconditionFailure("a draw lies below the sum of weights") }
            let trunk = left.remove(at: index)
            total -= UInt64(trunk.share)
            order.append(trunk.name)
        }
        return order + left.map(\.name)
    }

    private mutating func rotated(_ route: RouteConfiguration) -> [TrunkName] {
        let names = route.trunks.map(\.name)
        let next = turns[route, default: Turns()].next
        turns[route, default: Turns()].next = (next + 1) % names.count
        return Array(names[next...] + names[..<next])
    }

    /// Every call adds its share to what each trunk is owed, and the one that is first pays for the
    /// whole call. So no trunk is ever a call ahead of its share, however short the stretch.
    private mutating func sharedOut(_ route: RouteConfiguration) -> [TrunkName] {
        var owed = turns[route]?.owed ?? route.trunks.map { _ in 0 }
        for (index, trunk) in route.trunks.enumerated() { owed[index] += Int64(trunk.share) }
        let order = owed.indices.sorted { (owed[$0], $1) > (owed[$1], $0) }
        owed[order[0]] -= route.trunks.reduce(Int64(0)) { $0 + Int64($1.share) }
        turns[route, default: Turns()].owed = owed
        return order.map { route.trunks[$0].name }
    }

    private static func leastUsedFirst(
        _ names: [TrunkName], _ load: (TrunkName) -> Load
    ) -> [TrunkName] {
        let loads = names.map { load($0) }
        return names.indices.sorted { left, right in
            let one = UInt64(loads[left].inUse) * UInt64(max(1, loads[right].cap))
            let other = UInt64(loads[right].inUse) * UInt64(max(1, loads[left].cap))
            return (one, left) < (other, right)
        }.map { names[$0] }
    }
}
