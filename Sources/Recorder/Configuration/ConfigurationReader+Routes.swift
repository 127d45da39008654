internal import SIPAgent
internal import TrunkEvents

extension ConfigurationReader {
    mutating func readNumbering(_ top: ConfigurationSection) -> NumberingPlan {
        guard let node = top["numbers"],
            let section = findings.section(
                node, "numbers", keys: ["country", "international", "emergency"])
        else { return NumberingPlan() }
        let country = findings.text("country", in: section).flatMap {
            digits($0, "country", most: 3)
        }
        let prefixes = findings.texts("international", in: section)
            .compactMap { digits($0, "international", most: 8) }
        let emergency = findings.texts("emergency", in: section)
            .compactMap { digits($0, "emergency", most: 8) }
        return NumberingPlan(
            country: country ?? .empty, internationalPrefixes: prefixes,
            emergencyNumbers: emergency)
    }

    private mutating func digits(
        _ node: ConfigurationNode, _ key: String, most: Int
    ) -> Octets? {
        findings.check(key, node) { text throws(TextProblem) in
            guard Self.areDigits(text), (1...most).contains(text.utf8.count) else {
                throw TextProblem("'\(text)' is not a number of 1 to \(most) digits; write \"1\"")
            }
            return Octets(text)
        }
    }

    private static func areDigits(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    mutating func readRoutes(
        _ top: ConfigurationSection, _ numbering: NumberingPlan
    ) -> [RouteConfiguration] {
        var routes: [RouteConfiguration] = []
        for node in findings.list("routes", in: top) {
            guard
                let section = findings.section(
                    node, "a route", keys: ["prefix", "hours", "trunks", "policy"])
            else { continue }
            let prefixNode = findings.required("prefix", in: section, example: "\"+1\"")
            let prefix = prefixNode.flatMap { self.prefix($0, numbering) }
            let hours = readHours(section)
            let same = routes.filter { $0.prefix == prefix }
            if let prefix, let prefixNode, same.contains(where: { $0.hours == nil }) {
                findings.add(
                    hours == nil
                        ? "a second route for prefix '\(prefix)'; list the trunks of both in one"
                        : "a route for prefix '\(prefix)' without hours stands before this one, "
                            + "which would never be asked; put it last",
                    at: prefixNode.place)
            }
            let policy = readPolicy(section)
            let trunks = readRouteTrunks(section, policy)
            if let prefix {
                routes.append(
                    RouteConfiguration(
                        prefix: prefix, hours: hours, policy: policy, trunks: trunks))
            }
        }
        return routes
    }

    private mutating func prefix(
        _ node: ConfigurationNode, _ numbering: NumberingPlan
    ) -> Octets? {
        guard let single = findings.single(node, "prefix") else { return nil }
        return findings.check("prefix", single) { text throws(TextProblem) in
            let rest = text.hasPrefix("+") ? text.dropFirst() : text[...]
            guard Self.areDigits(rest), rest.utf8.count <= 15 else {
                throw TextProblem(
                    "'\(text)' is no prefix; write + and digits, or \"\" for every number")
            }
            let isEmergency = numbering.emergencyNumbers.contains {
                $0.bytes.starts(with: text.utf8)
            }
            guard text.isEmpty || text.hasPrefix("+") || isEmergency else {
                throw TextProblem(
                    "numbers are E.164 when a route is chosen; did you mean '+\(text)'?")
            }
            return Octets(text)
        }
    }

    mutating func readInbound(_ top: ConfigurationSection) -> [InboundNumberConfiguration] {
        var numbers: [InboundNumberConfiguration] = []
        for node in findings.list("inbound", in: top) {
            guard let section = findings.section(node, "an inbound number", keys: ["did", "to"])
            else { continue }
            let didNode = findings.required("did", in: section, example: "\"+12125550100\"")
            let did = didNode.flatMap { number($0) }
            if let did, let didNode, numbers.contains(where: { $0.number == did }) {
                findings.add(
                    "a second entry for \(did); a number goes to one dialer", at: didNode.place)
            }
            let dialer = readInboundDialer(section)
            if let did, let dialer {
                numbers.append(InboundNumberConfiguration(number: did, dialer: dialer))
            }
        }
        return numbers
    }

    private mutating func number(_ node: ConfigurationNode) -> Octets? {
        guard let single = findings.single(node, "did") else { return nil }
        // A carrier may call a contact instead of a number.
        let contacts = trunks.flatMap { $0.value.registration?.contacts ?? [] }
        return findings.check("did", single) { text throws(TextProblem) in
            if contacts.contains(Octets(text)) { return Octets(text) }
            let rest = text.hasPrefix("+") ? text.dropFirst() : text[...]
            guard Self.areDigits(rest), (1...15).contains(rest.utf8.count) else {
                throw TextProblem("'\(text)' is no number; write + and digits: \"+12125550100\"")
            }
            guard text.hasPrefix("+") else {
                throw TextProblem(
                    "'\(text)' is not E.164; write it with + and the country code")
            }
            return Octets(text)
        }
    }

    private mutating func readInboundDialer(_ section: ConfigurationSection) -> ShortName? {
        let node = findings.required("to", in: section, example: "vicidial")
            .flatMap { findings.single($0, "to") }
        guard let node, let text = node.text else { return nil }
        guard dialerNames.contains(text) else {
            let advice = TextDistance.advice(for: text, among: Array(dialerNames), of: "dialers")
            findings.add("no dialer is named '\(text)'; \(advice)", at: node.place)
            return nil
        }
        guard let dialer = dialers.first(where: { $0.value.name.description == text }) else {
            return nil
        }
        if dialer.value.contact == nil {
            findings.add(
                "dialer '\(text)' has no 'contact' to send inbound calls to; add "
                    + "'contact: sip:HOST:PORT' to it", at: node.place)
        }
        return dialer.value.name
    }
}
