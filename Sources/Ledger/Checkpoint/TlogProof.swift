/// Evidence that an event is in a ledger, in one file that needs no ledger to check it: C2SP's
/// tlog-proof, v1. The event itself rides along as extra data.
public struct TlogProof: Hashable, Sendable {
    private static let heading = "c2sp.org/tlog-proof@v1"

    /// What is proved: the content of the leaf, see ``EventLeaf``.
    public let leaf: [UInt8]?
    /// The leaf, counted from 0.
    public let index: UInt64
    /// From the leaf's sibling up to the root's child.
    public let hashes: [MerkleHash]
    public let head: SignedCheckpoint

    /// What a proof is worth to who trusts a key.
    public enum Verdict: Hashable, Sendable {
        /// The leaf is in the log that the key signs for.
        case proves
        /// The proof carries no leaf, and none was given.
        case leafMissing
        /// The checkpoint names another log than the key.
        case foreign
        /// The checkpoint does not carry the key's signature.
        case unsigned
        /// The checkpoint carries a signature that claims to be the key's and is not.
        case forged
        /// The hashes do not lead from the leaf to the checkpoint's root.
        case notIncluded
    }

    init(leaf: [UInt8]?, _ proof: InclusionProof, head: SignedCheckpoint) {
        precondition(proof.size == head.checkpoint.size, "a proof for this tree")
        self.leaf = leaf
        index = proof.index
        hashes = proof.hashes
        self.head = head
    }

    /// `nil` for what is no proof file.
    public init?(parsing file: [UInt8]) {
        guard file.count <= LedgerLimits.proofBytesMax else { return nil }
        var lines = ProofLines(file)
        guard lines.next() == Self.heading, var line = lines.next() else { return nil }
        if let extra = line.value(after: "extra ") {
            guard let bytes = Base64.decode(extra.utf8), let next = lines.next() else { return nil }
            leaf = bytes
            line = next
        } else {
            leaf = nil
        }
        guard let index = line.value(after: "index ").flatMap({ UInt64(plain: $0) }) else {
            return nil
        }
        self.index = index
        guard let hashes = lines.hashes() else { return nil }
        self.hashes = hashes
        guard let head = SignedCheckpoint(parsing: lines.rest) else { return nil }
        self.head = head
    }

    public var encoded: [UInt8] {
        var text = Self.heading + "\n"
        if let leaf { text += "extra \(Base64.encode(leaf))\n" }
        text += "index \(index)\n"
        for hash in hashes { text += "\(hash)\n" }
        return Array((text + "\n").utf8) + head.encoded
    }

    /// Checks the proof offline; `content` stands for the leaf where the proof carries none, and
    /// is held to be the true one where it does.
    public func verdict(trusting key: VerifierKey, content: [UInt8]? = nil) -> Verdict {
        guard let content = content ?? leaf else { return .leafMissing }
        guard head.checkpoint.origin == key.name else { return .foreign }
        switch key.verdict(on: head.note) {
        case .unsigned: return .unsigned
        case .forged: return .forged
        case .valid: break
        }
        let proof = InclusionProof(index: index, size: head.checkpoint.size, hashes: hashes)
        return proof.root(with: .leaf(content)) == head.checkpoint.root ? .proves : .notIncluded
    }
}
