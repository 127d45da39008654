import Testing
import TrunkEvents

@testable import SIPAgent

struct AnswerPatternTests {
    @Test(arguments: [
        (503, "Service Unavailable", true), (403, "User Channel Limit exceeded D1", true),
        (403, "Max concurrent calls", true), (403, "Forbidden", false),
        (404, "channel limit", false), (403, "channel", false), (403, "", false),
        (486, "Busy Here", false),
    ] as [(Int, String, Bool)])
    func theUsualTable(code: Int, phrase: String, isFull: Bool) {
        let patterns = AnswerPattern.usualFullAnswers
        #expect(patterns.contains { $0.matches(answer(code, phrase)) } == isFull)
    }

    @Test func aCauseMustBeNamed() {
        let pattern = AnswerPattern(code: .code(500), cause: .noCircuitAvailable)
        #expect(pattern.matches(answer(500, "X", "Reason: Q.850;cause=34")))
        #expect(!pattern.matches(answer(500, "X", "Reason: Q.850;cause=41")))
        #expect(!pattern.matches(answer(500, "X")))
    }
}
