/// The Merkle tree as a snapshot holds it: tiles from level 1 up, and leaf hashes from the events.
struct StoredTree: ~Escapable {
    private let snapshot: Snapshot
    /// The leaf hashes that were read last, for the subtrees within them.
    private var leaves: (range: Range<UInt64>, hashes: [MerkleHash]) = (0..<0, [])
    private var tile: MerkleTile?

    /// How many leaves are hashed at once; as many as one hash of level 1 covers.
    private static let bundle = UInt64(MerkleTile.hashesMax)

    @_lifetime(copy snapshot)
    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
    }

    /// The proof that leaf `index` is in the tree of the first `size` leaves.
    @_lifetime(self: copy self)
    mutating func inclusion(
        of index: UInt64, in size: UInt64
    ) throws(Corruption) -> InclusionProof {
        let hashes = try hashes(of: MerklePath.inclusion(of: index, in: size))
        return InclusionProof(index: index, size: size, hashes: hashes)
    }

    /// The proof that the tree of `new` leaves continues the tree of `old` ones.
    @_lifetime(self: copy self)
    mutating func consistency(
        from old: UInt64, to new: UInt64
    ) throws(Corruption) -> ConsistencyProof {
        let hashes = try hashes(of: MerklePath.consistency(from: old, to: new))
        return ConsistencyProof(oldSize: old, newSize: new, hashes: hashes)
    }

    /// The tree of the first `size` leaves, to be continued.
    @_lifetime(self: copy self)
    mutating func range(size: UInt64) throws(Corruption) -> MerkleRange {
        try MerkleRange(size: size) { level, index throws(Corruption) in
            try hash(level, index)
        }
    }

    @_lifetime(self: copy self)
    private mutating func hashes(
        of subtrees: [Range<UInt64>]
    ) throws(Corruption) -> [MerkleHash] {
        var hashes: [MerkleHash] = []
        for subtree in subtrees {
            hashes.append(
                try MerklePath.hash(of: subtree) { level, index throws(Corruption) in
                    try hash(level, index)
                })
        }
        return hashes
    }

    /// The hash of a perfect subtree.
    @_lifetime(self: copy self)
    mutating func hash(_ level: Int, _ index: UInt64) throws(Corruption) -> MerkleHash {
        if level >= MerkleTile.height { return try tileHash(level, index) }
        let wanted = index << UInt64(level)..<(index + 1) << UInt64(level)
        if !leaves.range.contains(wanted.lowerBound) {
            let start = wanted.lowerBound / Self.bundle * Self.bundle
            let range = start..<start + Self.bundle
            leaves = (range, try snapshot.leafHashes(range))
        }
        let first = Int(wanted.lowerBound - leaves.range.lowerBound)
        let end = first + (1 << level)
        guard end <= leaves.hashes.count, let hash = MerkleTile.join(leaves.hashes[first..<end])
        else { throw .gap(expected: Position(rawValue: wanted.upperBound)) }
        return hash
    }

    @_lifetime(self: copy self)
    private mutating func tileHash(
        _ level: Int, _ index: UInt64
    ) throws(Corruption) -> MerkleHash {
        let place = MerkleTile.Place(of: level, index)
        if tile?.place != place { tile = try snapshot.tile(at: place) }
        guard let hash = tile?.hash(level, index) else {
            throw .tile(level: place.level, index: place.index)
        }
        return hash
    }
}

extension Snapshot {
    /// A stored tile, or `nil`.
    func tile(at place: MerkleTile.Place) throws(Corruption) -> MerkleTile? {
        guard let tiles = try database(LedgerFormat.tilesName) else { return nil }
        let key = place.storedKey
        // UInt8 has no padding whose bytes could be uninitialised.
        guard let value = unsafe try tiles.value(of: key.span.bytes) else { return nil }
        return try MerkleTile(value, at: place)
    }

    /// The hashes of the leaves in `range` that are sealed, as stored.
    private func sealedHashes(_ range: Range<UInt64>) throws(Corruption) -> [MerkleHash] {
        var hashes: [MerkleHash] = []
        var next = range.lowerBound
        while next < range.upperBound,
            let segment = try segment(holding: Position(rawValue: next + 1))
        {
            let base = segment.header.first.rawValue - 1
            let end = min(range.upperBound, segment.header.last.rawValue)
            hashes += try segment.leaves(Int(next - base)..<Int(end - base))
            next = end
        }
        return hashes
    }

    /// The hashes of the leaves in `range` that are recorded: computed from the events, or those
    /// that were sealed with them.
    func leafHashes(_ range: Range<UInt64>) throws(Corruption) -> [MerkleHash] {
        var hashes: [MerkleHash] = []
        var cursor = PageCursor(try frames())
        let key = FrameLayout.key(Position(rawValue: range.lowerBound + 1))
        // UInt8 has no padding whose bytes could be uninitialised.
        if unsafe try !cursor.seek(atOrBefore: key.span.bytes) {
            hashes = try sealedHashes(range)
            guard !hashes.isEmpty, hashes.count < Int(range.upperBound - range.lowerBound),
                try cursor.seekFirst()
            else { return hashes }
        }
        let wanted = Int(range.upperBound - range.lowerBound)
        repeat {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            guard frame.first.rawValue <= range.upperBound else { break }
            try frame.checkRecords()
            try frame.checkPayloads()
            var hasher = LeafHasher(bootID: frame.bootID)
            let base = frame.first.rawValue - 1
            for leaf in range.clamped(to: base..<base + UInt64(frame.count)) {
                let index = Int(leaf - base)
                let payload = try frame.payload(index)
                hashes.append(hasher.hash(frame.header(index), payload: payload))
            }
            guard hashes.count < wanted else { break }
        } while try cursor.advance()
        return hashes
    }
}
