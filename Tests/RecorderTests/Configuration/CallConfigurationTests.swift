import Foundation
import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

/// The keys that say how calls with a trunk or a dialer are conducted.
@Suite struct CallConfigurationTests {
    private static func read(trunk line: String) throws -> CallSettings {
        let text = sampleConfiguration.replacingOccurrences(
            of: "        channels: 50\n", with: "        channels: 50\n        \(line)\n")
        return try #require(try parse(text).agent.trunks.first).calls
    }

    private static func problem(_ line: String) -> String? {
        do {
            _ = try read(trunk: line)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: [
        ("100rel: no", ProvisionalReliability.refused),
        ("100rel: yes", .onRequest),
        ("100rel: peer_supported", .whereSupported),
    ])
    func reliability(line: String, expected: ProvisionalReliability) throws {
        #expect(try Self.read(trunk: line).reliability == expected)
    }

    @Test func aDialerHasThemToo() throws {
        let text = sampleConfiguration.replacingOccurrences(
            of: "reference: from_display", with: "reference: from_display\n    100rel: no")
        #expect(try parse(text).agent.dialers.first?.calls.reliability == .refused)
    }

    @Test(arguments: [
        (
            "100rel: maybe",
            "t.yaml:17:17: 100rel: 'maybe' is unknown; write yes, no or peer_supported"
        )
    ])
    func whatCannotBeDoneIsRefused(line: String, expected: String) {
        #expect(Self.problem(line)?.contains(expected) == true, "\(Self.problem(line) ?? "taken")")
    }
}
