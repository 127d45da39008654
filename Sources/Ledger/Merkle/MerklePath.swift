/// Which subtrees a proof names, from the leaf up. A subtree is given by its leaves: `0..<4` is
/// the one over the first four, in RFC 6962's notation MTH(D[0:4]).
enum MerklePath {
    /// PATH(index, D[size]), RFC 6962 section 2.1.1.
    static func inclusion(of index: UInt64, in size: UInt64) -> [Range<UInt64>] {
        precondition(index < size, "a leaf of the tree")
        var path: [Range<UInt64>] = []
        var tree = 0..<size
        while tree.upperBound - tree.lowerBound > 1 {
            let (left, right) = halves(of: tree)
            path.append(index < left.upperBound ? right : left)
            tree = index < left.upperBound ? left : right
        }
        return path.reversed()
    }

    /// PROOF(old, D[new]), RFC 6962 section 2.1.2. Nothing from the empty tree, which every tree
    /// continues.
    static func consistency(from old: UInt64, to new: UInt64) -> [Range<UInt64>] {
        precondition(old <= new, "a tree does not shrink")
        if old == 0 { return [] }
        var path: [Range<UInt64>] = []
        var tree = 0..<new
        while tree.upperBound != old {
            let (left, right) = halves(of: tree)
            path.append(old <= left.upperBound ? right : left)
            tree = old <= left.upperBound ? left : right
        }
        // From the first leaf on it is the old tree itself, which the verifier has.
        if tree.lowerBound > 0 { path.append(tree) }
        return path.reversed()
    }

    /// The perfect subtrees that make up `subtree`, from left to right.
    static func perfectSubtrees(of subtree: Range<UInt64>) -> [(level: Int, index: UInt64)] {
        var subtrees: [(level: Int, index: UInt64)] = []
        var start = subtree.lowerBound
        while start < subtree.upperBound {
            let level = UInt64.bitWidth - 1 - (subtree.upperBound - start).leadingZeroBitCount
            subtrees.append((level, start >> UInt64(level)))
            start += 1 << UInt64(level)
        }
        return subtrees
    }

    /// The largest perfect subtrees of the whole tree that make up leaves next to each other, from
    /// left to right.
    static func alignedSubtrees(of leaves: Range<UInt64>) -> [(level: Int, index: UInt64)] {
        var subtrees: [(level: Int, index: UInt64)] = []
        var start = leaves.lowerBound
        while start < leaves.upperBound {
            let room = UInt64.bitWidth - 1 - (leaves.upperBound - start).leadingZeroBitCount
            let level = min(room, start.trailingZeroBitCount)
            subtrees.append((level, start >> UInt64(level)))
            start += 1 << UInt64(level)
        }
        return subtrees
    }

    /// MTH(subtree), from the perfect subtrees that `hash` knows.
    static func hash<Failure: Error>(
        of subtree: Range<UInt64>,
        _ hash: (_ level: Int, _ index: UInt64) throws(Failure) -> MerkleHash
    ) throws(Failure) -> MerkleHash {
        var whole: MerkleHash?
        for part in perfectSubtrees(of: subtree).reversed() {
            let left = try hash(part.level, part.index)
            whole = whole.map { .node(left, $0) } ?? left
        }
        return whole ?? .empty
    }

    /// Split at the largest power of two that is smaller than the number of leaves.
    private static func halves(
        of tree: Range<UInt64>
    ) -> (left: Range<UInt64>, right: Range<UInt64>) {
        let last = tree.upperBound - tree.lowerBound - 1
        let split = UInt64(1) << UInt64(UInt64.bitWidth - 1 - last.leadingZeroBitCount)
        let middle = tree.lowerBound + split
        return (tree.lowerBound..<middle, middle..<tree.upperBound)
    }
}
