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

    @Test(arguments: [("here", true), ("pass", false)])
    func aDialersTransfers(value: String, isHere: Bool) throws {
        let text = sampleConfiguration.replacingOccurrences(
            of: "reference: from_display",
            with: "reference: from_display\n    transfers: \(value)")
        #expect(try parse(text).agent.dialers.first?.transfersHere == isHere)
    }

    @Test func timersAndLimits() throws {
        #expect(try Self.read(trunk: "session_timer: off").sessionTimer == nil)
        let timer = try Self.read(trunk: "session_timer: 10m").sessionTimer
        #expect(timer == SessionTimerSettings(interval: 600, minimum: 90))
        #expect(try Self.read(trunk: "refer: pass").passesTransfers)
        #expect(try Self.read(trunk: "max_duration: 4h").maxDuration == .seconds(14_400))
        #expect(try Self.read(trunk: "probe_calls: 30s").probeInterval == .seconds(30))
    }

    @Test func redirectionsAreFollowedWhereThatIsSaid() throws {
        let text = sampleConfiguration.replacingOccurrences(
            of: "        channels: 50\n",
            with: "        channels: 50\n        redirects: follow\n")
        #expect(try parse(text).agent.trunks.map(\.followsRedirections) == [true, false])
    }

    @Test func whatHoldsForAllMayBeSaidOtherwise() throws {
        let text =
            "calls: {max_duration: 2h, probe_calls: 1m, session_timer: off}\n"
            + sampleConfiguration.replacingOccurrences(
                of: "        channels: 50\n",
                with: "        channels: 50\n        max_duration: off\n")
        let agent = try parse(text).agent
        #expect(agent.trunks.map(\.calls.maxDuration) == [nil, .seconds(7_200)])
        #expect(agent.dialers.map(\.calls.maxDuration) == [.seconds(7_200)])
        #expect(agent.trunks.allSatisfy { $0.calls.probeInterval == .seconds(60) })
        #expect(agent.trunks.allSatisfy { $0.calls.sessionTimer == nil })
    }

    @Test(arguments: [
        (
            "100rel: maybe",
            "t.yaml:17:17: 100rel: 'maybe' is unknown; write yes, no or peer_supported"
        ),
        ("session_timer: 60s", "t.yaml:17:24: session_timer: 60s is too short; write 90s or more"),
        ("probe_calls: 1s", "t.yaml:17:22: probe_calls: 1s is too short; write 5000ms or more"),
        ("redirects: yes", "t.yaml:17:20: redirects: 'yes' is unknown; write follow or next_trunk"),
        ("refer: yes", "t.yaml:17:16: refer: 'yes' is unknown; write pass or refuse"),
        ("max_duration: 4", "t.yaml:17:23: max_duration: '4' has no unit"),
    ])
    func whatCannotBeDoneIsRefused(line: String, expected: String) {
        #expect(Self.problem(line)?.contains(expected) == true, "\(Self.problem(line) ?? "taken")")
    }
}
