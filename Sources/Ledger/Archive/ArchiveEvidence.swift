/// What leads from the leaf hashes of some events next to each other to a signed checkpoint over
/// them and all before them.
struct ArchiveEvidence {
    /// Of the perfect subtrees to the left of the events, then of those to their right.
    private let hashes: [MerkleHash]
    let head: SignedCheckpoint

    /// For leaves `leaves`, in the tree that `head` signs.
    init(
        _ snapshot: Snapshot, leaves: Range<UInt64>, head: SignedCheckpoint
    ) throws(Corruption) {
        precondition(leaves.upperBound <= head.checkpoint.size, "a checkpoint that covers them")
        var tree = StoredTree(snapshot)
        var hashes: [MerkleHash] = []
        for subtree in Self.subtrees(around: leaves, in: head.checkpoint.size) {
            hashes.append(try tree.hash(subtree.level, subtree.index))
        }
        self.hashes = hashes
        self.head = head
    }

    /// `nil` for what is none.
    init?(parsing bytes: [UInt8]) {
        guard bytes.count <= LedgerLimits.noteBytesMax else { return nil }
        var lines = ProofLines(bytes)
        guard let hashes = lines.hashes(), let head = SignedCheckpoint(parsing: lines.rest) else {
            return nil
        }
        self.hashes = hashes
        self.head = head
    }

    var encoded: [UInt8] {
        Array((hashes.map { "\($0)\n" }.joined() + "\n").utf8) + head.encoded
    }

    /// The root that the leaves from `begin` on lead to; `nil` when the hashes are not as many as
    /// it takes.
    func root(of leaves: [MerkleHash], from begin: UInt64) -> MerkleHash? {
        let end = begin + UInt64(leaves.count)
        guard end <= head.checkpoint.size else { return nil }
        let subtrees = Self.subtrees(around: begin..<end, in: head.checkpoint.size)
        guard subtrees.count == hashes.count else { return nil }
        var nodes: [MerkleNode] = []
        for (subtree, hash) in zip(subtrees, hashes) {
            nodes.append(MerkleNode(level: subtree.level, index: subtree.index, hash: hash))
        }
        var tree = MerkleRange()
        for node in nodes where node.end <= begin { tree.append(node) }
        for leaf in leaves { tree.append(leaf: leaf) }
        for node in nodes where node.end > begin { tree.append(node) }
        return tree.root
    }

    /// From the left, each where it lies in the whole tree.
    private static func subtrees(
        around leaves: Range<UInt64>, in size: UInt64
    ) -> [(level: Int, index: UInt64)] {
        MerklePath.perfectSubtrees(of: 0..<leaves.lowerBound)
            + MerklePath.alignedSubtrees(of: leaves.upperBound..<size)
    }
}
