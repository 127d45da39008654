import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct AgentLifeTests {
    @Test func startsStopsAndCrashes() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        log.add(10, .agentStopped(AgentStopped(reason: .terminated, openCalls: 0)))
        log.boot(at: 20)
        let dropped = StrangersDropped(source: IPAddress(v4: 1), minute: start, count: 9)
        log.add(30, .strangersDropped(dropped))
        log.boot(at: 40)
        log.add(50, .heartbeat(Heartbeat(openCalls: 0)))
        let life = try fold(AgentLife.self, log.entries).state
        #expect(life.startCount == 3 && life.crashCount == 1)
        #expect(life.startedAt == after(40) && life.stoppedAt == nil)
        #expect(life.lastEvidence?.wall == after(50))
        #expect(life.strangersDropped == 9 && life.node?.description == "pbx1")
    }
}
