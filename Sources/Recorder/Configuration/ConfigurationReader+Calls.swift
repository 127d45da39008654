internal import SIPAgent
internal import TrunkEvents

/// How calls with a trunk or a dialer are conducted. What the top's `calls` says holds for all of
/// them; each may say otherwise.
extension ConfigurationReader {
    static let callKeys = [
        "100rel", "session_timer", "session_timer_min", "max_duration", "probe_calls", "refer",
    ]

    mutating func readCallDefaults(_ top: ConfigurationSection) {
        guard let node = top["calls"],
            let section = findings.section(node, "calls", keys: Self.callKeys)
        else { return }
        callDefaults = readCalls(section)
    }

    mutating func readCalls(_ section: ConfigurationSection) -> CallSettings {
        var settings = callDefaults
        settings.reliability = readReliability(section) ?? settings.reliability
        if section["session_timer"] != nil || section["session_timer_min"] != nil {
            settings.sessionTimer = readSessionTimer(section, settings.sessionTimer)
        }
        settings.passesTransfers = readRefer(section) ?? settings.passesTransfers
        read("max_duration", section, atLeast: .seconds(1), &settings.maxDuration)
        read("probe_calls", section, atLeast: .seconds(5), &settings.probeInterval)
        return settings
    }

    /// RFC 4028 section 4: 90 s is the least that may be asked for.
    private mutating func readSessionTimer(
        _ section: ConfigurationSection, _ inherited: SessionTimerSettings?
    ) -> SessionTimerSettings? {
        let defaults = inherited ?? SessionTimerSettings()
        let node = findings.text("session_timer", in: section)
        let least = findings.text("session_timer_min", in: section)
        if let node, Self.isOff(node) {
            if let least {
                findings.add(
                    "'session_timer_min' with 'session_timer: off'; take one out", at: least.place)
            }
            return nil
        }
        let minimum =
            least.flatMap { seconds($0, "session_timer_min", from: defaults.minimum) }
            ?? defaults.minimum
        let interval =
            node.flatMap { seconds($0, "session_timer", from: minimum) }
            ?? max(defaults.interval, minimum)
        return SessionTimerSettings(interval: interval, minimum: minimum)
    }

    private mutating func seconds(
        _ node: ConfigurationNode, _ key: String, from least: UInt32
    ) -> UInt32? {
        findings.check(key, node) { text throws(TextProblem) in
            let seconds = try QuantityText.duration(text).milliseconds / 1_000
            guard let value = UInt32(exactly: seconds), value >= least else {
                throw TextProblem("\(text) is too short; write \(least)s or more")
            }
            return value
        }
    }

    /// A duration, or `off`; left alone where nothing is written.
    private mutating func read(
        _ key: String, _ section: ConfigurationSection, atLeast least: Nanoseconds,
        _ value: inout Nanoseconds?
    ) {
        guard let node = findings.text(key, in: section) else { return }
        value = Self.isOff(node) ? nil : duration(node, key, atLeast: least) ?? value
    }

    /// YAML 1.1 reads `off` as false; both say the same here.
    static func isOff(_ node: ConfigurationNode) -> Bool {
        ["off", "no", "false"].contains(node.text?.lowercased() ?? "")
    }

    private mutating func readRefer(_ section: ConfigurationSection) -> Bool? {
        guard let node = findings.text("refer", in: section) else { return nil }
        return findings.check("refer", node) { text throws(TextProblem) in
            switch text {
            case "pass": return true
            case "refuse": return false
            default: throw TextProblem("'\(text)' is unknown; write pass or refuse")
            }
        }
    }

    mutating func readRedirects(_ section: ConfigurationSection) -> Bool {
        guard let node = findings.text("redirects", in: section) else { return false }
        return findings.check("redirects", node) { text throws(TextProblem) in
            switch text {
            case "follow": return true
            case "next_trunk": return false
            default: throw TextProblem("'\(text)' is unknown; write follow or next_trunk")
            }
        } ?? false
    }

    private mutating func readReliability(
        _ section: ConfigurationSection
    ) -> ProvisionalReliability? {
        guard let node = findings.text("100rel", in: section) else { return nil }
        return findings.check("100rel", node) { text throws(TextProblem) in
            switch text.lowercased() {
            case "no", "off", "false": return .refused
            case "yes", "on", "true": return .onRequest
            case "peer_supported": return .whereSupported
            default:
                throw TextProblem("'\(text)' is unknown; write yes, no or peer_supported")
            }
        }
    }
}
