internal import SIPAgent
internal import TrunkEvents

extension ConfigurationReader {
    private static let securityKeys = ["requests_per_second", "ban_after", "ban_window", "ban_time"]

    mutating func readSecurity(_ top: ConfigurationSection) -> SecuritySettings {
        var settings = SecuritySettings()
        guard let node = top["security"],
            let section = findings.section(node, "'security'", keys: Self.securityKeys)
        else { return settings }
        if let node = findings.text("requests_per_second", in: section) {
            settings.requestRate =
                Self.isOff(node)
                ? nil
                : count("requests_per_second", node, in: 1...1_000_000)
                    .map { RequestRateLimit(requestsPerSecond: $0) }
        }
        settings.ban = readBan(section)
        return settings
    }

    private mutating func readBan(_ section: ConfigurationSection) -> BanRules? {
        var rules = BanRules()
        var isOff = false
        if let node = findings.text("ban_after", in: section) {
            isOff = Self.isOff(node)
            if !isOff {
                rules.failures = count("ban_after", node, in: 1...1_000_000) ?? rules.failures
            }
        }
        for key in ["ban_window", "ban_time"] {
            guard let node = findings.text(key, in: section) else { continue }
            if isOff {
                findings.add("'\(key)' while 'ban_after' is off; take it out", at: node.place)
            }
            guard let span = duration(node, key, atLeast: .seconds(1)) else { continue }
            if key == "ban_window" { rules.window = span } else { rules.duration = span }
        }
        return isOff ? nil : rules
    }

    private mutating func count(
        _ key: String, _ node: ConfigurationNode, in range: ClosedRange<UInt32>
    ) -> UInt32? {
        findings.check(key, node) { text throws(TextProblem) in
            try QuantityText.count(text, in: range)
        }
    }
}
