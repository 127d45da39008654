import Testing
import TrunkEvents

@testable import SIPAgent

struct DialogTableTests {
    @Test func aCallIsFoundByEachOfItsTags() {
        var table = DialogTable()
        let call = CallID(rawValue: 7)
        table[[1, 2]] = call
        table[[3]] = call
        let message: [UInt8] = [9, 1, 2, 9]
        #expect(table[message[1..<3]] == call)
        #expect(table[[2, 1]] == nil)
        table[[1, 2]] = nil
        #expect(table[[1, 2]] == nil)
        #expect(table[[3]] == call)
        #expect(table.count == 1)
    }
}
