import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct OccupancyStepsTests {
    @Test func stepsWithinARange() {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, channels: 9)
        log.configure(beta1, of: beta)
        let calls = (1...3).map { CallScript(call: callID($0)) }
        for call in calls { log.add(100, call.seized()) }
        let begin = log.add(200, calls[0].released())
        log.add(300, calls[1].released())
        log.add(350, .heartbeat(Heartbeat(openCalls: 1)))
        log.add(400, calls[0].seized())
        var steps = OccupancySteps(trunk: alpha1, after: begin, from: after(250))
        for entry in log.entries { steps.apply(entry) }
        steps.finish()
        #expect(steps.readings.map(\.inUse) == [2, 1, 2])
        #expect(steps.readings.map(\.at) == [after(250), after(300), after(400)])
        #expect(steps.readings.map(\.peak) == [2, 2, 2])
        #expect(steps.readings.allSatisfy { $0.trunk == alpha1 && $0.cap == 9 })
    }

    @Test func aRangeWithoutEventsHasItsFirstReadings() {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha)
        log.configure(beta1, of: beta)
        var steps = OccupancySteps(after: Position(rawValue: 3), from: after(9))
        for entry in log.entries { steps.apply(entry) }
        steps.finish()
        #expect(steps.readings.map(\.trunk) == [alpha1, beta1])
        #expect(steps.readings.map(\.inUse) == [0, 0])
    }
}
