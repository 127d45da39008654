import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

/// Two trunks and whatever a test says of them.
func smallConfiguration(trunk: String = "", routes: String) -> String {
    """
    node: a
    ledger: b
    listen: [udp://127.0.0.1:5062]
    carriers:
      - name: alpha
        trunks:
          - {name: alpha-1, address: sip:127.0.0.3, channels: 10\(trunk)}
          - {name: beta-1, address: sip:127.0.0.4, channels: 10}
    routes:
      - prefix: "+1"
        \(routes)

    """
}

func configurationProblems(_ text: String) -> [String] {
    do throws(ConfigurationError) {
        _ = try parse(text)
        return []
    } catch {
        return error.description.split(separator: "\n").map(String.init)
    }
}

/// The first trunk with further keys.
func parsedTrunk(_ keys: String) throws -> TrunkConfiguration {
    let text = smallConfiguration(trunk: ", \(keys)", routes: "trunks: [alpha-1]")
    return try #require(try parse(text).agent.trunks.first)
}

/// What is wrong with these keys, without the place.
func trunkProblems(_ keys: String) -> [String] {
    configurationProblems(smallConfiguration(trunk: ", \(keys)", routes: "trunks: [alpha-1]"))
        .map { String($0.split(separator: " ", maxSplits: 1)[1]) }
}
