import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct CallTableTests {
    /// What each held call takes in the table, besides its texts. Raise it knowingly: an agent
    /// holds tens of thousands.
    @Test func aCallIsSmall() {
        #expect(MemoryLayout<OpenCall>.stride <= 480)
        #expect(MemoryLayout<Attempt>.stride <= 384)
    }

    private static func only(_ bed: AgentBed) throws -> (id: CallID, slot: SlotID) {
        let id = try #require(Array(bed.agent.calls.keys).first)
        let slot = bed.agent.calls.slot(of: id)
        return (id, try #require(slot))
    }

    @Test func aPlaceIsGivenOutAgain() throws {
        let bed = AgentBed()
        let first = try bed.answeredCall("call-1")
        let old = try Self.only(bed)
        try bed.hangUp(first)
        let isForgotten = bed.agent.calls.isEmpty && bed.agent.calls[old.id] == nil
        #expect(isForgotten)
        let second = try bed.answeredCall("call-2")
        let new = try Self.only(bed)
        #expect(new.slot.index == old.slot.index && new.slot != old.slot)
        let found = bed.agent.calls[new.id]?.call.id
        #expect(found == new.id)
        try bed.hangUp(second)
        bed.expectQuiet()
    }
}
