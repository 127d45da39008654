import TrunkEvents

/// Which trunks carry a number: the route with the longest matching prefix whose hours it is.
///
/// Sorted by prefix, each route knowing the next shorter prefix of its own. The routes between a
/// number's longest prefix and the number itself all begin with that prefix, so one binary search
/// and a walk along shorter prefixes find it, without allocation.
struct RouteTable: Sendable {
    private struct Entry {
        let prefix: Octets
        /// In the order of the configuration: the first whose hours it is counts.
        let routes: [RouteConfiguration]
        let shorter: Int?
    }

    private var entries: [Entry] = []
    private let homePrefix: Octets
    private let localTime: LocalTime

    init(
        _ routes: [RouteConfiguration], plan: NumberingPlan = NumberingPlan(),
        localTime: LocalTime = .utc
    ) {
        self.localTime = localTime
        homePrefix = Octets([UInt8(ascii: "+")] + plan.country.bytes)
        let groups = Dictionary(grouping: routes, by: \.prefix)
        let sorted = groups.keys.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        var open: [Int] = []
        for (index, prefix) in sorted.enumerated() {
            while let last = open.last, !prefix.starts(with: sorted[last]) {
                open.removeLast()
            }
            entries.append(
                Entry(prefix: prefix, routes: groups[prefix] ?? [], shorter: open.last))
            open.append(index)
        }
    }

    /// nil when no route leads there at that time. An emergency number without a route of its own
    /// goes the way of the country's numbers.
    func route(for number: NormalizedNumber, at instant: WallInstant) -> RouteConfiguration? {
        if let route = longestMatch(number.text, at: instant) { return route }
        guard number.kind == .emergency else { return nil }
        return longestMatch(homePrefix, at: instant)
    }

    private func longestMatch(_ number: Octets, at instant: WallInstant) -> RouteConfiguration? {
        var lower = 0
        var upper = entries.count
        while lower < upper {
            let middle = (lower + upper) / 2
            let prefix = entries[middle].prefix.bytes
            if number.bytes.lexicographicallyPrecedes(prefix) {
                upper = middle
            } else {
                lower = middle + 1
            }
        }
        var candidate: Int? = lower > 0 ? lower - 1 : nil
        while let index = candidate {
            if number.starts(with: entries[index].prefix),
                let route = openRoute(entries[index], at: instant)
            {
                return route
            }
            candidate = entries[index].shorter
        }
        return nil
    }

    private func openRoute(_ entry: Entry, at instant: WallInstant) -> RouteConfiguration? {
        entry.routes.first { route in
            route.hours?.contains(localTime.minuteOfWeek(at: instant)) ?? true
        }
    }
}

extension Octets {
    fileprivate func starts(with prefix: Octets) -> Bool { bytes.starts(with: prefix.bytes) }
}
