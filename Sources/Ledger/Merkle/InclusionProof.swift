/// That an event is a leaf of a tree (RFC 6962 section 2.1.1).
public struct InclusionProof: Hashable, Sendable {
    /// The leaf, counted from 0: the event's position less 1.
    public let index: UInt64
    /// How many leaves the tree has.
    public let size: UInt64
    /// From the leaf's sibling up to the root's child.
    public let hashes: [MerkleHash]

    public init(index: UInt64, size: UInt64, hashes: [MerkleHash]) {
        self.index = index
        self.size = size
        self.hashes = hashes
    }

    /// The root that a tree with `leaf` at this index has; `nil` when the proof is malformed.
    public func root(with leaf: MerkleHash) -> MerkleHash? {
        guard index < size else { return nil }
        let path = MerklePath.inclusion(of: index, in: size)
        guard path.count == hashes.count else { return nil }
        var root = leaf
        for (subtree, hash) in zip(path, hashes) {
            root = subtree.lowerBound > index ? .node(root, hash) : .node(hash, root)
        }
        return root
    }
}
