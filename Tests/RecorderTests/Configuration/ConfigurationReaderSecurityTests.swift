import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

@Suite struct ConfigurationReaderSecurityTests {
    private func configuration(_ security: String) -> String {
        smallConfiguration(routes: "trunks: [alpha-1]") + security + "\n"
    }

    private func settings(_ security: String) throws -> SecuritySettings {
        try parse(configuration(security)).agent.security
    }

    @Test func limitsAreUnderstood() throws {
        #expect(try settings("") == SecuritySettings())
        #expect(
            try settings(
                "security: {requests_per_second: 300, ban_after: 5, ban_window: 2m, ban_time: 1h}")
                == SecuritySettings(
                    requestRate: RequestRateLimit(requestsPerSecond: 300),
                    ban: BanRules(failures: 5, window: .seconds(120), duration: .seconds(3_600))))
        #expect(
            try settings("security: {requests_per_second: off, ban_after: off}")
                == SecuritySettings(requestRate: nil, ban: nil))
    }

    @Test(arguments: [
        ("ban_after: 0", "ban_after: '0' is not a number from 1 to 1000000"),
        ("ban_time: 10", "ban_time: '10' has no unit"),
        ("ban_afer: 3", "unknown key 'ban_afer' in 'security'"),
        ("{ban_after: off, ban_time: 1h}", "'ban_time' while 'ban_after' is off; take it out"),
    ])
    func mistakesAreNamed(keys: String, problem: String) {
        let text = keys.hasPrefix("{") ? keys : "{\(keys)}"
        let problems = configurationProblems(configuration("security: \(text)"))
        #expect(problems.count == 1 && problems.first?.contains(problem) == true, "\(problems)")
    }
}
