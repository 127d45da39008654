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

    @Test func bansLastUntilTheirTimeOrTheNextStart() throws {
        var log = LogBuilder()
        log.boot(at: 0)
        let bans: [(at: Int64, host: UInt32, until: Int64)] = [
            (10, 1, 60), (20, 2, 40), (30, 1, 90),
        ]
        for (second, host, end) in bans {
            log.add(
                second,
                .sourceBanned(
                    SourceBanned(
                        source: IPAddress(v4: host), dialer: ShortName("vicidial")!, failures: 10,
                        until: after(end))))
        }
        log.add(
            31,
            .requestsDropped(
                RequestsDropped(source: IPAddress(v4: 1), minute: start, cause: .ban, count: 7)))
        var life = try fold(AgentLife.self, log.entries).state
        #expect(life.requestsDropped == 7)
        #expect(life.bans(at: after(35)).map(\.source) == [IPAddress(v4: 2), IPAddress(v4: 1)])
        #expect(life.bans(at: after(50)).map(\.until) == [after(90)])
        #expect(life.bans(at: after(90)).isEmpty)
        log.boot(at: 50)
        life = try fold(AgentLife.self, log.entries).state
        #expect(life.bans(at: after(55)).isEmpty)
    }
}
