import TrunkEvents

/// One of the hosts that share the work of a server, with the rank that DNS gave it.
struct ServerTarget: Hashable, Sendable {
    /// The lowest is asked first.
    var priority: UInt16
    /// Its share of the work among those of its priority.
    var weight: UInt16
    /// The host's addresses; never empty.
    var endpoints: [Endpoint]

    /// In any order, but those of the first one's family first: a host that has addresses of both
    /// is the same host, and a dialer's media is of one.
    fileprivate func shuffled(using entropy: inout Entropy) -> [Endpoint] {
        let order = endpoints.shuffled(using: &entropy)
        let isV4 = endpoints.first?.address.isV4
        return order.filter { $0.address.isV4 == isV4 } + order.filter { $0.address.isV4 != isV4 }
    }
}

extension [ServerTarget] {
    /// The order in which one request asks them (RFC 2782, "Usage rules"): the lower priority
    /// first, within a priority drawn by weight; the addresses of a host in any order of a family.
    func drawn(using entropy: inout Entropy) -> [Endpoint] {
        var order: [Endpoint] = []
        for priority in Set(map(\.priority)).sorted() {
            var rest = filter { $0.priority == priority }
            while !rest.isEmpty {
                for endpoint in rest.removeByWeight(&entropy).shuffled(using: &entropy)
                where !order.contains(endpoint) {
                    order.append(endpoint)
                }
            }
        }
        return order
    }

    /// Those of weight 0 stand first, so that they have a small chance.
    private mutating func removeByWeight(_ entropy: inout Entropy) -> ServerTarget {
        if count == 1 { return removeLast() }
        let order = indices.filter { self[$0].weight == 0 } + indices.filter { self[$0].weight > 0 }
        let sum = reduce(UInt64(0)) { $0 + UInt64($1.weight) }
        let drawn = entropy.next(upperBound: sum + 1)
        var running: UInt64 = 0
        for index in order {
            running += UInt64(self[index].weight)
            if running >= drawn { return remove(at: index) }
        }
        preconditionFailure("the last running sum is the sum")
    }
}
