import TestSupport
import Testing

@testable import Ledger

@Suite struct PostingListTests {
    @Test func listsAreReadBack() throws {
        let seed = Seed(for: "PostingList.listsAreReadBack")
        var generator = seed.generator()
        for density in [1, 2, 3, 7, 90, 1_000] {
            let indices = (0..<65_536).filter { _ in
                Int.random(in: 0..<density, using: &generator) == 0
            }.map { UInt16($0) }
            var bytes: [UInt8] = []
            PostingList.append(indices[...], to: &bytes)
            // One list must fit a piece, however it looks.
            #expect(bytes.count < LedgerLimits.segmentPieceBytesMax - 100)
            var found: [UInt16] = []
            try PostingList.decode(bytes.span.bytes, below: 65_536, into: &found)
            #expect(found == indices, "\(seed)")
        }
    }

    @Test func nonsenseIsRefusedOrStaysInBounds() {
        let seed = Seed(for: "PostingList.nonsenseIsRefusedOrStaysInBounds")
        var generator = seed.generator()
        for _ in 0..<2_000 {
            let bytes = generator.bytes(Int.random(in: 0...30, using: &generator))
            var found: [UInt16] = []
            let limit = Int.random(in: 1...65_536, using: &generator)
            try? PostingList.decode(bytes.span.bytes, below: limit, into: &found)
            #expect(found.allSatisfy { Int($0) < limit })
            #expect(zip(found, found.dropFirst()).allSatisfy { $0 < $1 }, "\(seed)")
        }
    }
}
