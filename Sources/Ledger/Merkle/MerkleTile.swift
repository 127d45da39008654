/// Up to 256 hashes next to each other, 8 levels apart from the tiles above and below: C2SP's
/// tlog-tiles. Tiles of level 0 would hold the leaf hashes; they are not stored, since the events
/// give them again.
struct MerkleTile: Hashable, Sendable {
    static let height = 8
    static let hashesMax = 1 << height

    /// Where a tile lies in the tree.
    struct Place: Hashable, Sendable {
        /// Its hashes are those of subtrees over `256 ** level` leaves; at least 1.
        var level: Int
        var index: UInt64

        /// The key that a tile is filed under: its level in the first byte, then its index,
        /// big-endian.
        var key: UInt64 { UInt64(level) << 56 | index }
        var storedKey: [UInt8] { FrameLayout.key(Position(rawValue: key)) }

        init(level: Int, index: UInt64) {
            self.level = level
            self.index = index
        }

        /// `nil` for what cannot be a tile's key.
        init?(key: UInt64) {
            level = Int(key >> 56)
            index = key & ((1 << 56) - 1)
            guard (1..<UInt64.bitWidth / height).contains(level) else { return nil }
        }

        /// The tile that holds, or leads to, the hash of a subtree of at least 256 leaves.
        init(of level: Int, _ index: UInt64) {
            self.level = level / height
            self.index = (index << UInt64(level % height)) >> UInt64(height)
        }

        /// How many hashes the tile has in a tree of `size` leaves.
        func width(in size: UInt64) -> Int {
            let hashes = size >> UInt64(height * level)
            let before = index << UInt64(height)
            return hashes > before ? Int(min(hashes - before, UInt64(hashesMax))) : 0
        }
    }

    let place: Place
    /// From left to right.
    var hashes: [MerkleHash]

    /// All the places of tiles in a tree of `size` leaves, in the order of their keys.
    static func places(in size: UInt64) -> [Place] {
        (1..<UInt64.bitWidth / height).flatMap { level in
            let hashes = size >> UInt64(height * level)
            let tiles = (hashes + UInt64(hashesMax) - 1) >> UInt64(height)
            return (0..<tiles).map { Place(level: level, index: $0) }
        }
    }

    init(place: Place, hashes: [MerkleHash]) {
        self.place = place
        self.hashes = hashes
    }

    /// From a stored value: the hashes, then their checksum.
    init(_ value: RawSpan, at place: Place) throws(Corruption) {
        let end = value.byteCount - FrameLayout.checksumBytes
        guard (MerkleHash.byteCount...Self.hashesMax * MerkleHash.byteCount).contains(end),
            end % MerkleHash.byteCount == 0,
            XXH64.hash(value.extracting(first: end)) == value.word(at: end)
        else { throw .tile(level: place.level, index: place.index) }
        self.place = place
        hashes = []
        hashes.reserveCapacity(Self.hashesMax)
        for offset in stride(from: 0, to: end, by: MerkleHash.byteCount) {
            hashes.append(MerkleHash(value.extracting(droppingFirst: offset)))
        }
    }

    /// What is stored of it.
    var value: [UInt8] {
        let end = hashes.count * MerkleHash.byteCount
        var value = [UInt8](repeating: 0, count: end + FrameLayout.checksumBytes)
        var room = value.mutableSpan
        // UInt8 has no padding whose bytes could be uninitialised.
        var bytes = unsafe room.mutableBytes
        for (index, hash) in hashes.enumerated() {
            bytes.store(hash, at: index * MerkleHash.byteCount)
        }
        let sum = XXH64.hash(bytes.bytes.extracting(first: end))
        bytes.store(sum, at: end)
        return value
    }

    /// The hash of the subtree that is `index` at `level` of the tree; `nil` where the tile does
    /// not reach so far.
    func hash(_ level: Int, _ index: UInt64) -> MerkleHash? {
        let steps = level % Self.height
        let first = Int(index << UInt64(steps) & UInt64(Self.hashesMax - 1))
        let end = first + (1 << steps)
        guard end <= hashes.count else { return nil }
        return Self.join(hashes[first..<end])
    }

    /// The root over hashes whose number is a power of two.
    static func join(_ hashes: ArraySlice<MerkleHash>) -> MerkleHash? {
        var row = Array(hashes)
        while row.count > 1 {
            row = stride(from: 0, to: row.count, by: 2).map { .node(row[$0], row[$0 + 1]) }
        }
        return row.first
    }
}
