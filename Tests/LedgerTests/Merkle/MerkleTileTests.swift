import Testing

@testable import Ledger

@Suite struct MerkleTileTests {
    /// The example of C2SP's tlog-tiles.
    @Test func aTreeOf70000HasTheStandardsTiles() {
        let places = MerkleTile.places(in: 70_000)
        #expect(
            places == [
                MerkleTile.Place(level: 1, index: 0), MerkleTile.Place(level: 1, index: 1),
                MerkleTile.Place(level: 2, index: 0),
            ])
        #expect(places.map { $0.width(in: 70_000) } == [256, 17, 1])
        #expect(MerkleTile.places(in: 256) == [MerkleTile.Place(level: 1, index: 0)])
        #expect(MerkleTile.places(in: 255).isEmpty)
    }

    @Test func everySubtreeHasItsTile() {
        for (level, index, place, slot) in [
            (8, 0, (1, 0), 0), (8, 255, (1, 0), 255), (8, 256, (1, 1), 0), (9, 127, (1, 0), 254),
            (9, 128, (1, 1), 0), (15, 1, (1, 0), 128), (15, 3, (1, 1), 128), (16, 1, (2, 0), 1),
        ] as [(Int, UInt64, (Int, UInt64), Int)] {
            let found = MerkleTile.Place(of: level, index)
            #expect(found == MerkleTile.Place(level: place.0, index: place.1), "\(level) \(index)")
            #expect(Int(index << UInt64(level % 8) % 256) == slot, "\(level) \(index)")
            #expect(MerkleTile.Place(key: found.key) == found)
        }
        #expect(MerkleTile.Place(key: 5) == nil)
        #expect(MerkleTile.Place(key: .max) == nil)
    }

    @Test func aTileGivesTheHashesAboveIt() throws {
        let naive = NaiveTree(size: 256)
        let tile = MerkleTile(
            place: MerkleTile.Place(level: 1, index: 0), hashes: Array(naive.leaves[..<200]))
        // The tile's hashes stand for leaves here: level 8 for level 0.
        for level in 0..<8 {
            for index in 0..<UInt64(256 >> level) {
                let isWhole = (index + 1) << UInt64(level) <= 200
                let hash = tile.hash(level + 8, index)
                #expect(hash == (isWhole ? naive.node(level, index) : nil), "\(level) \(index)")
            }
        }
    }

    @Test func aStoredTileIsReadBackOrRefused() throws {
        let naive = NaiveTree(size: 256)
        let place = MerkleTile.Place(level: 1, index: 7)
        for width in [1, 2, 255, 256] {
            let tile = MerkleTile(place: place, hashes: Array(naive.leaves[..<width]))
            let value = tile.value
            #expect(try MerkleTile(value.span.bytes, at: place) == tile)
            for length in [0, 7, 8, 9, value.count - 1] {
                #expect(throws: Corruption.tile(level: 1, index: 7)) {
                    let cut = Array(value[..<length])
                    _ = try MerkleTile(cut.span.bytes, at: place)
                }
            }
            for place in stride(from: 0, to: value.count, by: 13) {
                var changed = value
                changed[place] ^= 4
                #expect(throws: Corruption.tile(level: 1, index: 7)) {
                    _ = try MerkleTile(changed.span.bytes, at: tile.place)
                }
            }
        }
    }
}
