internal import SIPAgent
internal import TrunkEvents

/// How calls with a trunk or a dialer are conducted.
extension ConfigurationReader {
    static let callKeys = ["100rel"]

    mutating func readCalls(_ section: ConfigurationSection) -> CallSettings {
        var settings = CallSettings()
        settings.reliability = readReliability(section) ?? settings.reliability
        return settings
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
