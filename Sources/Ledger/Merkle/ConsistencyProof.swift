/// That a tree continues an older one: its first leaves are the other's (RFC 6962 section 2.1.2).
public struct ConsistencyProof: Hashable, Sendable {
    public let oldSize: UInt64
    public let newSize: UInt64
    public let hashes: [MerkleHash]

    public init(oldSize: UInt64, newSize: UInt64, hashes: [MerkleHash]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.hashes = hashes
    }

    /// Whether a tree with `newRoot` continues the one with `oldRoot`.
    public func holds(oldRoot: MerkleHash, newRoot: MerkleHash) -> Bool {
        guard oldSize <= newSize else { return false }
        if oldSize == 0 { return hashes.isEmpty && oldRoot == .empty }
        let path = MerklePath.consistency(from: oldSize, to: newSize)
        guard path.count == hashes.count else { return false }
        var steps = Array(zip(path, hashes))[...]
        // Where the old tree is no subtree of the new one, the proof begins with one that is.
        var old = oldRoot
        if let first = path.first, first.upperBound == oldSize {
            old = hashes[0]
            steps = steps.dropFirst()
        }
        var new = old
        for (subtree, hash) in steps {
            if subtree.lowerBound < oldSize {
                old = .node(hash, old)
                new = .node(hash, new)
            } else {
                new = .node(new, hash)
            }
        }
        return old == oldRoot && new == newRoot
    }
}
