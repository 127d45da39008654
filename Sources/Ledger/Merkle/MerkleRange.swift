/// A perfect subtree: the leaves `index << level ..< (index + 1) << level`, whole.
struct MerkleNode: Hashable, Sendable {
    /// 0 for a leaf.
    var level: Int
    /// Counted from the left within the level.
    var index: UInt64
    var hash: MerkleHash

    var parentIndex: UInt64 { index >> 1 }
    var isRight: Bool { index & 1 == 1 }
    /// The leaf after its last one.
    var end: UInt64 { (index + 1) << UInt64(level) }
}

/// A run of leaves as the fewest perfect subtrees that make it up: a *compact range*, of at most
/// two subtrees a level. Ranges next to each other can be joined, so that several threads can
/// hash one tree; a range that begins at 0 is a tree, and has a root.
struct MerkleRange: Hashable, Sendable {
    let begin: UInt64
    /// The leaf after the last one.
    private(set) var end: UInt64
    /// From left to right.
    private(set) var nodes: [MerkleNode] = []

    /// No leaves yet; the first will be leaf `begin`.
    init(at begin: UInt64 = 0) {
        self.begin = begin
        end = begin
    }

    /// The tree of `size` leaves whose perfect subtrees `hash` knows.
    init<Failure: Error>(
        size: UInt64, hash: (_ level: Int, _ index: UInt64) throws(Failure) -> MerkleHash
    ) throws(Failure) {
        begin = 0
        end = size
        for subtree in MerklePath.perfectSubtrees(of: 0..<size) {
            let hash = try hash(subtree.level, subtree.index)
            nodes.append(MerkleNode(level: subtree.level, index: subtree.index, hash: hash))
        }
    }

    /// Adds the next leaf. `completed` is told every subtree above the leaves that becomes whole.
    @inline(__always)  // once per event; the closure costs nothing then
    mutating func append(leaf hash: MerkleHash, _ completed: (MerkleNode) -> Void = { _ in }) {
        push(MerkleNode(level: 0, index: end, hash: hash), completed)
    }

    /// Adds the perfect subtree that follows.
    mutating func append(_ node: MerkleNode) {
        precondition(node.index << UInt64(node.level) == end, "subtrees next to each other")
        push(node) { _ in }
    }

    /// Adds the leaves that follow. `completed` is told the subtrees that become whole only now.
    mutating func append(_ next: MerkleRange, _ completed: (MerkleNode) -> Void = { _ in }) {
        precondition(next.begin == end, "ranges next to each other")
        for node in next.nodes { push(node, completed) }
    }

    /// RFC 6962 section 2.1: the subtrees, joined from the right.
    var root: MerkleHash {
        precondition(begin == 0, "only a range from the first leaf on is a tree")
        guard var hash = nodes.last?.hash else { return .empty }
        for node in nodes.dropLast().reversed() { hash = .node(node.hash, hash) }
        return hash
    }

    @inline(__always)  // see append
    private mutating func push(_ node: MerkleNode, _ completed: (MerkleNode) -> Void) {
        var node = node
        end = node.end
        // The subtree before one that is a right child is its sibling, when it is as high.
        while node.isRight, let left = nodes.last, left.level == node.level {
            nodes.removeLast()
            node = MerkleNode(
                level: node.level + 1, index: node.parentIndex,
                hash: .node(left.hash, node.hash))
            completed(node)
        }
        nodes.append(node)
    }
}
