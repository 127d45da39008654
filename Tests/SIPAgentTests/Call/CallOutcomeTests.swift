import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallOutcomeTests {
    @Test(arguments: [
        (404, 1), (486, 17), (600, 17), (480, 18), (403, 21), (603, 21), (410, 22), (484, 28),
        (502, 38), (500, 41), (503, 41), (408, 102), (504, 102), (488, 79), (499, 127),
    ])
    func aStatusHasTheCauseOfRFC3398(status: UInt16, cause: UInt8) {
        #expect(Q850Cause(.code(status)).rawValue == cause)
    }

    @Test func everyStatusHasACauseAndAPhrase() {
        for status in UInt16(300)...699 {
            #expect(Q850Cause(.code(status)).phrase.utf8CodeUnitCount > 0)
        }
    }

    @Test(arguments: [
        (408, true), (500, true), (503, true), (301, true), (407, true), (404, false),
        (480, false), (486, false), (600, false), (603, false), (606, false),
    ])
    func answersOfTheCalleeDoNotFailOver(status: UInt16, failsOver: Bool) {
        let codes = TrunkConfiguration.defaultFailoverCodes
        #expect(FinalAnswer.lets(.code(status), failOver: codes) == failsOver)
        // Not even where the configuration asks for it.
        let greedy = FinalAnswer.lets(.code(status), failOver: [.code(status)])
        #expect(greedy == (status < 600 && status != 486))
    }

    @Test func theBestAnswerIsThe6xxElseTheLowestClassElseTheFirst() {
        var result = SearchResult()
        #expect(result.outcome.status == .code(503) && result.outcome.cause == .networkOutOfOrder)
        let steps: [(UInt16, UInt16)] = [(503, 503), (500, 503), (408, 408), (404, 408)]
        for (status, best) in steps {
            result.note(CallOutcome(status, .temporaryFailure))
            #expect(result.outcome.status == .code(best))
        }
        result.note(.unreachable)
        #expect(result.outcome.status == .code(408))
        result.note(.capOut)
        #expect(result.outcome.status == .code(503))
        #expect(result.outcome.cause == .noCircuitAvailable)
    }
}
