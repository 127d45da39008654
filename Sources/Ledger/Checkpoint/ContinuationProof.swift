/// Evidence that a ledger still begins as it did when an older checkpoint was signed, in one text
/// that needs no ledger to check it: the request that C2SP's tlog-witness takes.
///
///     old SIZE
///     BASE64(hash)          (none or more)
///                           (an empty line)
///     the newer checkpoint
public struct ContinuationProof: Hashable, Sendable {
    public let oldSize: UInt64
    public let hashes: [MerkleHash]
    public let head: SignedCheckpoint

    /// What a proof is worth to who trusts a key and has an older checkpoint.
    public enum Verdict: Hashable, Sendable {
        /// The newer tree begins with the older one.
        case proves
        /// The older checkpoint has another size than the proof is for.
        case otherSize
        /// One of the checkpoints names another log than the key.
        case foreign
        /// One of the checkpoints does not carry the key's signature.
        case unsigned
        /// One of the checkpoints carries a signature that claims to be the key's and is not.
        case forged
        /// The newer tree does not begin with the older one, or the proof was changed.
        case notContinued
    }

    init(_ proof: ConsistencyProof, head: SignedCheckpoint) {
        precondition(proof.newSize == head.checkpoint.size, "a proof for this tree")
        oldSize = proof.oldSize
        hashes = proof.hashes
        self.head = head
    }

    /// `nil` for what is no such proof.
    public init?(parsing file: [UInt8]) {
        guard file.count <= LedgerLimits.proofBytesMax else { return nil }
        var lines = ProofLines(file)
        guard let size = lines.next()?.value(after: "old ").flatMap({ UInt64(plain: $0) }),
            let hashes = lines.hashes(), let head = SignedCheckpoint(parsing: lines.rest)
        else { return nil }
        oldSize = size
        self.hashes = hashes
        self.head = head
    }

    public var encoded: [UInt8] {
        let text = "old \(oldSize)\n" + hashes.map { "\($0)\n" }.joined() + "\n"
        return Array(text.utf8) + head.encoded
    }

    /// Checks the proof offline, against a checkpoint that was kept.
    public func verdict(trusting key: VerifierKey, old: SignedCheckpoint) -> Verdict {
        guard old.checkpoint.size == oldSize else { return .otherSize }
        for checkpoint in [old, head] {
            guard checkpoint.checkpoint.origin == key.name else { return .foreign }
            switch key.verdict(on: checkpoint.note) {
            case .unsigned: return .unsigned
            case .forged: return .forged
            case .valid: break
            }
        }
        let proof = ConsistencyProof(
            oldSize: oldSize, newSize: head.checkpoint.size, hashes: hashes)
        let holds = proof.holds(oldRoot: old.checkpoint.root, newRoot: head.checkpoint.root)
        return holds ? .proves : .notContinued
    }
}
