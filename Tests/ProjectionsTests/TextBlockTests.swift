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
        // As if each had been saved on its own.
        let alone = Octets.empty.encoded + Octets("two").encoded + Octets.empty.encoded
        #expect(block.encoded == alone)
        #expect(try TextBlock<Name>(decoding: alone) == block)
    }

    @Test func itIsPutTogetherFromOthers() {
        var block = TextBlock<Name>(byteCount: 6)
        for text in ["a", "bb", "ccc"] as [Octets] { block.append(text) }
        var other = TextBlock<Name>(byteCount: 6)
        other.append(.third, of: block)
        other.append(.first, through: .second, of: block)
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
