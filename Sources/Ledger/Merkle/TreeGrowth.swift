/// The tree from one size to a later one, recomputed from stored bytes: every checksum, the chain
/// and every event's hash on the way are checked.
struct TreeGrowth {
    private(set) var tree: MerkleRange
    /// Subtrees that became whole and that tiles hold.
    private(set) var nodes: [MerkleNode] = []
    /// The chain value before the next frame; not known in the middle of one.
    private var link: Link?
    /// Heads that were signed before, which this tree has to go through.
    private var heads: [Checkpoint]
    private var hasher = LeafHasher(bootID: BootID(high: 0, low: 0))

    /// Grows from `tree`, at whose end the chain has the value `link`.
    init(from tree: MerkleRange, link: Link?, through heads: [Checkpoint]) {
        self.tree = tree
        self.link = link
        self.heads = heads.filter { $0.size > tree.end }.sorted { $0.size < $1.size }
    }

    /// Reads at most a chunk of frames up to `last`, where one must end; true when it is reached.
    mutating func readChunk(
        _ snapshot: Snapshot, through last: Position
    ) throws(Corruption) -> Bool {
        guard tree.end < last.rawValue else { return true }
        var cursor = PageCursor(try snapshot.frames())
        let expected = Position(rawValue: tree.end + 1)
        let key = FrameLayout.key(expected)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else {
            guard let segment = try snapshot.segment(holding: expected) else {
                throw .gap(expected: expected)
            }
            return try append(segment, through: last)
        }
        var bytes = 0
        for _ in 0..<LedgerLimits.chunkFramesMax where bytes < LedgerLimits.chunkBytesMax {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            try append(frame)
            bytes += frame.bytes.byteCount
            if tree.end >= last.rawValue { break }
            guard try cursor.advance() else { throw .gap(expected: frame.last.next) }
        }
        guard tree.end <= last.rawValue else { throw .gap(expected: last.next) }
        return tree.end == last.rawValue
    }

    private mutating func append(
        _ segment: SegmentView, through last: Position
    ) throws(Corruption) -> Bool {
        var audit = SegmentAudit()
        try audit.check(segment, after: segment.header.first.rawValue == tree.end + 1 ? link : nil)
        let base = segment.header.first.rawValue
        for place in audit.places where place.first.rawValue > tree.end {
            guard place.last <= last else { break }
            if let link, place.previousLink != link { throw .previousLink }
            let start = Int(place.first.rawValue - base)
            let end = Int(place.last.rawValue - base) + 1
            try append(audit.leaves[start..<end])
            link = place.link
        }
        guard tree.end == last.rawValue || tree.end == segment.header.last.rawValue else {
            throw .gap(expected: last.next)
        }
        return tree.end == last.rawValue
    }

    private mutating func append(_ frame: FrameView) throws(Corruption) {
        let expected = Position(rawValue: tree.end + 1)
        guard frame.first == expected else { throw .gap(expected: expected) }
        try frame.checkRecords()
        try frame.checkPayloads()
        if let link, frame.previousLink != link { throw .previousLink }
        try append(frame.checkedLeaves(&hasher)[...])
        link = frame.link
    }

    private mutating func append(_ leaves: ArraySlice<MerkleHash>) throws(Corruption) {
        for leaf in leaves {
            tree.append(leaf: leaf) { node in
                if node.level % MerkleTile.height == 0 { nodes.append(node) }
            }
            if tree.end == heads.first?.size { try passHead() }
        }
    }

    private mutating func passHead() throws(Corruption) {
        while let head = heads.first, head.size == tree.end {
            guard head.root == tree.root else { throw .checkpoint(size: head.size, .root) }
            heads.removeFirst()
        }
    }
}
