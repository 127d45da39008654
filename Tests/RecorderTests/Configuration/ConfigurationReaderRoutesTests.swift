import Foundation
import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

@Suite struct ConfigurationReaderRoutesTests {
    @Test(arguments: [
        ("[alpha-1, beta-1]", "priority", [1, 1]),
        ("[alpha-1, beta-1]", "round_robin", [1, 1]),
        ("[alpha-1, beta-1]", "least_used", [1, 1]),
        ("[{name: alpha-1, weight: 70}, beta-1]", "weighted", [70, 1]),
        ("[{name: alpha-1, percent: 70%}, {name: beta-1, percent: 30%}]", "percent", [70, 30]),
    ] as [(String, String, [UInt32])])
    func policiesAreUnderstood(trunks: String, policy: String, shares: [UInt32]) throws {
        let text = smallConfiguration(routes: "trunks: \(trunks)\n    policy: \(policy)")
        let route = try #require(try parse(text).agent.routes.first)
        #expect(route.policy.description == policy)
        #expect(route.trunks.map(\.name.description) == ["alpha-1", "beta-1"])
        #expect(route.trunks.map(\.share) == shares)
    }

    @Test(arguments: [
        (
            "trunks: [alpha-1]\n    policy: percent",
            "t.yaml:11:13: the percentages of this route make 1, not 100; give each trunk its "
                + "own, like {name: alpha-1, percent: 70%}"
        ),
        (
            "trunks: [{name: alpha-1, weight: 0}]\n    policy: weighted",
            "t.yaml:11:13: all weights of this route are 0; give one trunk more"
        ),
        (
            "trunks: [{name: alpha-1, weight: 7}]",
            "t.yaml:11:38: 'weight' means something with 'policy: weighted' only; take it out, "
                + "or write that policy"
        ),
        (
            "trunks: [alpha-1]\n    hours: [8 to 6]",
            "t.yaml:12:13: hours: '8 to 6' are no hours; write them like mon-fri 08:00-18:00"
        ),
        (
            "trunks: [alpha-1]\n    hours: []",
            "t.yaml:12:12: 'hours' names none; write e.g. mon-fri 08:00-18:00"
        ),
        (
            "trunks: [alpha-1]\n  - prefix: \"+1\"\n    hours: sun\n    trunks: [beta-1]",
            "t.yaml:12:13: a route for prefix '+1' without hours stands before this one, which "
                + "would never be asked; put it last"
        ),
    ])
    func contradictionsAreNamed(routes: String, problem: String) {
        #expect(configurationProblems(smallConfiguration(routes: routes)) == [problem])
    }

    @Test func oneNumberMayGoElsewhereAtNight() throws {
        let text = smallConfiguration(
            routes: "hours: [mon-fri 08:00-18:00, sat 09:00-12:00]\n    trunks: [alpha-1]\n"
                + "  - prefix: \"+1\"\n    trunks: [beta-1]")
        let routes = try parse(text).agent.routes
        #expect(routes.map { $0.hours?.description } == [
            "mon-fri 08:00-18:00, sat 09:00-12:00", nil,
        ])
    }
}
