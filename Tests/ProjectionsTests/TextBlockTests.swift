import Testing
import TrunkEvents

@testable import Projections

@Suite struct TextBlockTests {
    private enum Name: Int, TextName { case first, second, third }

    @Test func textsAreTakenOutAndReplaced() throws {
        var block = TextBlock<Name>()
        #expect(Name.allCases.allSatisfy { block[$0].isEmpty })
        block[.second] = "two"
        block[.first] = "number one"
        #expect(block[.first] == "number one" && block[.second] == "two" && block[.third] == "")
        block[.first] = ""
        #expect(block[.first] == "" && block[.second] == "two")
        #expect(try TextBlock<Name>(decoding: block.encoded) == block)
        let long = Octets([UInt8](repeating: 7, count: 300))
        block[.first] = long
        #expect(block[.first] == long && block[.second] == "two")
    }

    @Test func itIsPutTogetherFromOthers() {
        let block = TextBlock<Name>(byteCount: 6) { room in
            for text in ["a", "bb", "ccc"] as [Octets] { room.store(text: text) }
        }
        let other = TextBlock<Name>(byteCount: 6) { room in
            room.store(.third, of: block)
            room.store(.first, through: .second, of: block)
        }
        #expect(other[.first] == "ccc" && other[.second] == "a" && other[.third] == "bb")
    }

    @Test func aCutBlockIsRefused() {
        var block = TextBlock<Name>()
        block[.third] = "text"
        for length in 0..<block.encoded.count {
            #expect(throws: StateDecodingError.self) {
                try TextBlock<Name>(decoding: Array(block.encoded[..<length]))
            }
        }
    }
}
