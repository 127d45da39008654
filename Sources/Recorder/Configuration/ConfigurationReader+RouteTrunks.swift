internal import SIPAgent
internal import TrunkEvents

extension ConfigurationReader {
    mutating func readPolicy(_ section: ConfigurationSection) -> RoutingPolicy {
        guard let node = findings.text("policy", in: section), let text = node.text else {
            return .priority
        }
        if let known = RoutingPolicy.allCases.first(where: { $0.description == text }) {
            return known
        }
        let advice = TextDistance.advice(
            for: text, among: RoutingPolicy.allCases.map(\.description), of: "policies")
        findings.add("unknown policy '\(text)'; \(advice)", at: node.place)
        return .priority
    }

    /// `nil` where none are written: at all hours.
    mutating func readHours(_ section: ConfigurationSection) -> WeeklyHours? {
        guard let node = section["hours"] else { return nil }
        var hours = WeeklyHours()
        let windows = findings.texts("hours", in: section)
        if windows.isEmpty {
            findings.add("'hours' names none; write e.g. mon-fri 08:00-18:00", at: node.place)
        }
        for window in windows {
            let read = findings.check("hours", window) { text throws(TextProblem) in
                guard let hours = WeeklyHours(text) else {
                    throw TextProblem(
                        "'\(text)' are no hours; write them like mon-fri 08:00-18:00")
                }
                return hours
            }
            if let read { hours.formUnion(read) }
        }
        return hours
    }

    mutating func readRouteTrunks(
        _ section: ConfigurationSection, _ policy: RoutingPolicy
    ) -> [RouteTrunk] {
        guard let list = findings.required("trunks", in: section, example: "[alpha-1]") else {
            return []
        }
        var trunks: [RouteTrunk] = []
        for node in findings.list("trunks", in: section) {
            guard let written = routeTrunk(node, policy), let text = written.name.text else {
                continue
            }
            guard trunkNames.contains(text), let name = TrunkName(text) else {
                let advice = TextDistance.advice(
                    for: text, among: Array(trunkNames), of: "trunks")
                findings.add("no trunk is named '\(text)'; \(advice)", at: written.name.place)
                continue
            }
            if trunks.contains(where: { $0.name == name }) {
                findings.add(
                    "trunk '\(text)' is in this route twice; keep one", at: written.name.place)
            }
            trunks.append(RouteTrunk(name: name, share: written.share ?? 1))
        }
        if findings.list("trunks", in: section).isEmpty {
            findings.add("a route without a trunk; name at least one", at: list.place)
        }
        checkShares(trunks, policy, at: list.place)
        return trunks
    }

    private mutating func checkShares(
        _ trunks: [RouteTrunk], _ policy: RoutingPolicy, at place: ConfigurationPlace
    ) {
        let sum = trunks.reduce(0) { $0 + $1.share }
        switch policy {
        case .percent where sum != 100:
            findings.add(
                "the percentages of this route make \(sum), not 100; give each trunk its own, "
                    + "like {name: alpha-1, percent: 70%}", at: place)
        case .weighted where sum == 0 && !trunks.isEmpty:
            findings.add("all weights of this route are 0; give one trunk more", at: place)
        default: break
        }
    }

    /// `alpha-1`, `{name: alpha-1, weight: 70}`, `{name: alpha-1, percent: 70%}`.
    private mutating func routeTrunk(
        _ node: ConfigurationNode, _ policy: RoutingPolicy
    ) -> (name: ConfigurationNode, share: UInt32?)? {
        guard case .section = node.content else {
            return findings.single(node, "a route's trunk").map { ($0, nil) }
        }
        guard
            let section = findings.section(
                node, "a route's trunk", keys: ["name", "weight", "percent"])
        else { return nil }
        let share = readShare(section, policy)
        return findings.required("name", in: section, example: "alpha-1")
            .flatMap { findings.single($0, "name") }.map { ($0, share) }
    }

    private mutating func readShare(
        _ section: ConfigurationSection, _ policy: RoutingPolicy
    ) -> UInt32? {
        for (key, its) in [("weight", RoutingPolicy.weighted), ("percent", .percent)] {
            guard policy != its, let node = section[key] else { continue }
            findings.add(
                "'\(key)' means something with 'policy: \(its)' only; take it out, or write "
                    + "that policy", at: node.place)
        }
        switch policy {
        case .weighted:
            return findings.text("weight", in: section).flatMap { node in
                findings.check("weight", node) { text throws(TextProblem) in
                    try QuantityText.count(text, in: 0...10_000)
                }
            }
        case .percent:
            return findings.text("percent", in: section).flatMap { node in
                findings.check("percent", node, QuantityText.percent)
            }
        case .priority, .roundRobin, .leastUsed:
            return nil
        }
    }
}
