import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct InterimRecordsTests {
    @Test func anAnsweredCallHasARecordWhileItGoesOn() throws {
        let talking = CallScript(call: callID(1))
        let ringing = CallScript(call: callID(2))
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha)
        log.add(0, talking.started)
        log.add(0, talking.seized())
        log.add(0, talking.sent)
        log.add(2_000, talking.answered)
        log.add(2_000, talking.callAnswered)
        log.add(3_000, ringing.started)
        log.add(3_000, ringing.seized())
        log.add(3_000, ringing.sent)
        log.add(900_000, .heartbeat(Heartbeat(openCalls: 2)))
        let open = try fold(CallDetailRecords.self, log.entries)
        #expect(open.rows.isEmpty)
        let row = try #require(open.state.interimRows().first)
        #expect(open.state.interimRows().count == 1)
        #expect(row.flags == ["interim"] && row.revision == 0)
        #expect(row.disposition == .answered && row.talkMilliseconds == 898_000)
        #expect(row.endedAt == after(900_000))
        log.add(900_500, talking.ended(.local, .bye))
        log.add(900_500, talking.released())
        let over = try fold(CallDetailRecords.self, log.entries)
        #expect(over.state.interimRows().isEmpty)
        #expect(over.rows.map(\.id) == [row.id] && over.rows.map(\.revision) == [1])
    }
}
