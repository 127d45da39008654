import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct SavedTableTests {
    /// Against a dictionary, with ids that crowd together as those of one second do.
    @Test func itIsADictionary() throws {
        let seed = Seed(for: "SavedTableTests")
        var random = seed.generator()
        var table = CallTable<UInt64>()
        var model: [CallID: UInt64] = [:]
        for step in 0..<20_000 {
            let id = CallID(
                startedAt: WallInstant(nanoseconds: 1_000_000_000),
                counter: UInt32.random(in: 0..<300, using: &random))
            let place = table.place(of: id)
            #expect(place.map { table.values[$0] } == model[id], "step \(step), \(seed)")
            if let place, Bool.random(using: &random) {
                #expect(table.take(at: place) == model.removeValue(forKey: id), "\(seed)")
            } else if let place {
                table.values[place] += 1
                model[id, default: 0] += 1
            } else {
                table.append(id, UInt64(step))
                model[id] = UInt64(step)
            }
        }
        #expect(table.count == model.count)
        #expect(table.encoded == model.encoded, "\(seed)")
        let again = try CallTable<UInt64>(decoding: table.encoded)
        #expect(again.encoded == table.encoded && again.count == table.count)
    }

    @Test func onlyTheOrderOfADictionaryIsReadBack() throws {
        var table = CallTable<UInt64>()
        table.append(callID(2), 2)
        table.append(callID(1), 1)
        var bytes = table.encoded
        #expect(try [CallID: UInt64](decoding: bytes) == [callID(1): 1, callID(2): 2])
        bytes.replaceSubrange(8..<24, with: bytes[24..<40])
        #expect(throws: StateDecodingError.invalidValue(offset: 24)) {
            try CallTable<UInt64>(decoding: bytes)
        }
    }
}
