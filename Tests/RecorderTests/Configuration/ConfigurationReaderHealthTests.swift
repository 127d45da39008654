import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

@Suite struct ConfigurationReaderHealthTests {
    @Test func limitsAreUnderstood() throws {
        let trunk = try parsedTrunk(
            "reserved_emergency: 2, down_after: 5, up_after: 2, calls_down_after: 8, "
                + "calls_pause: 45s")
        #expect(trunk.channels.emergencyReserve == 2)
        #expect(
            trunk.healthLimits
                == HealthLimits(
                    probesDown: 5, probesUp: 2, callsDown: 8, callPause: .seconds(45)))
        #expect(try parsedTrunk("calls_down_after: off").healthLimits == HealthLimits())
    }

    @Test func theTableOfAFullCarrierIsUnderstood() throws {
        let trunk = try parsedTrunk(
            "full_on: [503, {code: 603, reason: no lines}, {code: 500, cause: 34}]")
        #expect(
            trunk.fullAnswers == [
                AnswerPattern(code: .code(503)),
                AnswerPattern(code: .code(603), words: "no lines"),
                AnswerPattern(code: .code(500), cause: .noCircuitAvailable),
            ])
        #expect(try parsedTrunk("cps: 3").fullAnswers == AnswerPattern.usualFullAnswers)
        #expect(try parsedTrunk("full_on: []").fullAnswers == [])
    }

    @Test(arguments: [
        (
            "reserved_emergency: 10",
            "reserved_emergency: 10 leaves no channel for other calls; write less"
        ),
        ("down_after: 0", "down_after: '0' is not a number from 1 to 1000"),
        (
            "calls_pause: 30s",
            "'calls_pause' without 'calls_down_after'; add it or take this out"
        ),
        (
            "full_on: [486]",
            "full_on: 486 alone is the callee's own answer; name the reason or the cause by which "
                + "the carrier's is known, like {code: 486, reason: channel limit}"
        ),
        (
            "full_on: [{code: 407, cause: 34}]",
            "full_on: 407 is answered with the trunk's credentials; take it out"
        ),
        (
            "full_on: [{code: 500, cause: 0}]",
            "full_on: '0' is no Q.850 cause; write 1 to 127"
        ),
    ])
    func contradictionsAreNamed(keys: String, problem: String) {
        #expect(trunkProblems(keys) == [problem])
    }
}
