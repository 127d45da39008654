internal import SIPAgent
internal import TrunkEvents

extension ConfigurationReader {
    /// `number: {format: plain, strip: 1, prefix: "9", tech_prefix: "1234#"}`
    mutating func readNumberRules(_ section: ConfigurationSection) -> NumberRules {
        var rules = NumberRules()
        guard let node = section["number"],
            let section = findings.section(
                node, "number", keys: ["format", "strip", "prefix", "tech_prefix"])
        else { return rules }
        rules.format = choice("format", in: section, of: "formats") ?? rules.format
        if let node = findings.text("strip", in: section) {
            rules.strip =
                findings.check("strip", node) { text throws(TextProblem) in
                    try QuantityText.count(text, in: 0...20)
                } ?? 0
        }
        rules.prefix = dialString("prefix", in: section) ?? .empty
        rules.techPrefix = dialString("tech_prefix", in: section) ?? .empty
        return rules
    }

    /// What may stand in front of a number: digits, `+`, `*` and `#`.
    private mutating func dialString(
        _ key: String, in section: ConfigurationSection
    ) -> Octets? {
        findings.text(key, in: section).flatMap { node in
            findings.check(key, node) { text throws(TextProblem) in
                guard text.utf8.count <= 20, text.utf8.allSatisfy({ byte in
                    (0x30...0x39).contains(byte) || "+*#".utf8.contains(byte)
                }) else {
                    throw TextProblem(
                        "'\(text)' cannot stand in front of a number; write digits, +, * or #")
                }
                return Octets(text)
            }
        }
    }

    /// What a trunk's carrier is told of the caller.
    mutating func readCallerRules(
        _ section: ConfigurationSection, isRegistered: Bool
    ) -> CallerRules {
        var rules = CallerRules()
        guard let node = section["caller_id"],
            let section = findings.section(
                node, "caller_id",
                keys: [
                    "format", "from", "p_asserted_identity", "remote_party_id", "diversion",
                    "privacy",
                ])
        else { return rules }
        rules.format = choice("format", in: section, of: "formats") ?? rules.format
        rules.sender = readSender(section, isRegistered: isRegistered)
        rules.assertedIdentity =
            choice("p_asserted_identity", in: section, of: "ways") ?? rules.assertedIdentity
        rules.remoteParty =
            choice("remote_party_id", in: section, of: "ways") ?? rules.remoteParty
        rules.privacy = choice("privacy", in: section, of: "ways") ?? rules.privacy
        if let diversion: CallerRules.Header = choice("diversion", in: section, of: "ways") {
            if diversion == .write, let node = section["diversion"] {
                findings.add(
                    "diversion is the dialer's to write; write pass or remove", at: node.place)
            }
            rules.passesDiversion = diversion != .remove
        }
        return rules
    }

    private mutating func readSender(
        _ section: ConfigurationSection, isRegistered: Bool
    ) -> CallerRules.Sender {
        guard let node = findings.text("from", in: section) else { return .caller }
        let sender = findings.check("from", node) {
            text throws(TextProblem) -> CallerRules.Sender in
            if text == "caller" { return .caller }
            if text == "registered" {
                guard isRegistered else {
                    throw TextProblem("this trunk does not register; write caller or a number")
                }
                return .registered
            }
            let digits = text.hasPrefix("+") ? text.dropFirst() : text[...]
            guard (1...20).contains(digits.utf8.count),
                digits.utf8.allSatisfy({ (0x30...0x39).contains($0) })
            else {
                throw TextProblem("'\(text)' is no sender; write caller, registered or a number")
            }
            return .fixed(Octets(text))
        }
        return sender ?? .caller
    }

    /// The headers of a dialer that name the caller, the most trusted first.
    mutating func readCallerSources(_ section: ConfigurationSection) -> [CallerSource] {
        guard section["caller_id"] != nil else { return [.from] }
        return findings.texts("caller_id", in: section)
            .compactMap { choice("caller_id", $0, of: "headers") }
    }

    /// One of a closed set of words.
    private mutating func choice<Choice: CaseIterable & CustomStringConvertible>(
        _ key: String, in section: ConfigurationSection, of what: String
    ) -> Choice? {
        findings.text(key, in: section).flatMap { choice(key, $0, of: what) }
    }

    mutating func choice<Choice: CaseIterable & CustomStringConvertible>(
        _ key: String, _ node: ConfigurationNode, of what: String
    ) -> Choice? {
        findings.check(key, node) { text throws(TextProblem) in
            if let known = Choice.allCases.first(where: { $0.description == text }) {
                return known
            }
            let words = Choice.allCases.map(\.description)
            throw TextProblem(
                "'\(text)' is none of its \(what); "
                    + TextDistance.advice(for: text, among: words, of: what))
        }
    }
}
