import Testing
import TrunkEvents

@testable import SIPAgent

struct CallHealthTests {
    private var health = CallHealth()
    private let limits = HealthLimits(callsDown: 3, callPause: .seconds(30))

    private mutating func fail(at milliseconds: Int64 = 0) -> CallHealth.Change? {
        health.note(.failed(.code(500)), at: instant(milliseconds), limits)
    }

    @Test mutating func failuresInARowBringItDownOnce() {
        #expect(fail() == nil && fail() == nil)
        #expect(health.note(.alive(.code(486)), at: instant(0), limits) == nil)
        #expect(fail() == nil && fail() == nil)
        #expect(fail() == .wentDown(.code(500)))
        #expect(fail() == nil && health.isFailing)
    }

    @Test mutating func oneCallAPauseTriesAgain() {
        for _ in 0..<3 { _ = fail() }
        #expect(!health.admits(at: instant(29_999)) && health.admits(at: instant(30_000)))
        health.beginAttempt(at: instant(30_000), limits)
        #expect(!health.admits(at: instant(30_001)) && !health.admits(at: instant(59_999)))
        #expect(fail(at: 36_000) == nil)
        #expect(health.admits(at: instant(60_000)))
    }

    @Test mutating func aSignOfLifeBringsItUp() {
        for _ in 0..<3 { _ = fail() }
        health.beginAttempt(at: instant(30_000), limits)
        let change = health.note(.alive(.code(180)), at: instant(30_250), limits)
        #expect(change == .cameUp(.code(180), roundTrip: .milliseconds(250)))
        #expect(!health.isFailing && fail() == nil && fail() == nil)
        #expect(fail() == .wentDown(.code(500)))
    }

    @Test mutating func withoutALimitNothingEverFails() {
        for _ in 0..<100 {
            #expect(health.note(.failed(nil), at: instant(0), HealthLimits()) == nil)
        }
        #expect(health.admits(at: instant(0)))
    }

    @Test(arguments: [
        (408, false), (500, false), (502, false), (503, false), (504, false), (404, true),
        (403, true), (480, true), (486, true), (501, true), (603, true),
    ] as [(UInt16, Bool)])
    func anAnswerOfTheCalleeIsASignOfLife(status: UInt16, isAlive: Bool) {
        let result = CallHealth.Result(refusal: .code(status))
        #expect(result == (isAlive ? .alive(.code(status)) : .failed(.code(status))))
    }
}
