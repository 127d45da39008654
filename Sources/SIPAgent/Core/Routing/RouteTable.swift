import TrunkEvents

/// Which trunks carry a number: the route with the longest matching prefix.
///
/// Sorted by prefix, each route knowing the next shorter prefix of its own. The routes between a
/// number's longest prefix and the number itself all begin with that prefix, so one binary search and
/// a walk along shorter prefixes find it, without allocation.
struct RouteTable: Sendable {
    private struct Entry {
        var route: RouteConfiguration
        var shorter: Int?
    }

    private var entries: [Entry] = []
    private let homePrefix: Octets

    /// Of two routes with one prefix the first counts.
    init(_ routes: [RouteConfiguration], plan: NumberingPlan = NumberingPlan()) {
        homePrefix = Octets([UInt8(ascii: "+")] + plan.country.bytes)
        var seen: Set<Octets> = []
        let sorted = routes.filter { seen.insert($0.prefix).inserted }.sorted {
            $0.prefix.bytes.lexicographicallyPrecedes($1.prefix.bytes)
        }
        var open: [Int] = []
        for (index, route) in sorted.enumerated() {
            while let last = open.last, !route.prefix.starts(with: sorted[last].prefix) {
                open.removeLast()
            }
            entries.append(Entry(route: route, shorter: open.last))
            open.append(index)
        }
    }

    /// nil when no route leads there. An emergency number without a route of its own goes the way of
    /// the country's numbers.
    func route(for number: NormalizedNumber) -> RouteConfiguration? {
        if let route = longestMatch(number.text) { return route }
        guard number.kind == .emergency else { return nil }
        return longestMatch(homePrefix)
    }

    private func longestMatch(_ number: Octets) -> RouteConfiguration? {
        var lower = 0
        var upper = entries.count
        while lower < upper {
            let middle = (lower + upper) / 2
            let prefix = entries[middle].route.prefix.bytes
            if number.bytes.lexicographicallyPrecedes(prefix) {
                upper = middle
            } else {
                lower = middle + 1
            }
        }
        var candidate: Int? = lower > 0 ? lower - 1 : nil
        while let index = candidate {
            if number.starts(with: entries[index].route.prefix) { return entries[index].route }
            candidate = entries[index].shorter
        }
        return nil
    }
}

extension Octets {
    fileprivate func starts(with prefix: Octets) -> Bool { bytes.starts(with: prefix.bytes) }
}
