/// A tree head: so many events, hashed to this root. Signed, it is what others hold a ledger to.
///
/// The text is C2SP's tlog-checkpoint: origin, size, root in base64, one line each.
public struct Checkpoint: Hashable, Sendable {
    /// Names the log: see ``Lineage/origin``.
    public let origin: String
    /// How many events: the position of the last one.
    public let size: UInt64
    public let root: MerkleHash

    public init(origin: String, size: UInt64, root: MerkleHash) {
        precondition(SignedNote.isKeyName(origin), "an origin is a key's name")
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// From the text of a note; `nil` for what is no checkpoint. Lines that others have added
    /// behind the three are let be.
    public init?(text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last == "", SignedNote.isKeyName(lines[0]),
            lines.dropLast().allSatisfy({ !$0.isEmpty }), let size = UInt64(plain: lines[1]),
            let root = Base64.decode(lines[2].utf8).flatMap({ MerkleHash($0) })
        else { return nil }
        self.init(origin: String(lines[0]), size: size, root: root)
    }

    /// What a ledger's checkpoints call it, and the name of its key, before it was ever restored:
    /// see ``Lineage/origin``.
    public static func origin(of ledger: LedgerID) -> String { "trunkledger/\(ledger)" }

    public var text: String { "\(origin)\n\(size)\n\(root)\n" }

    /// The last event that it vouches for.
    public var position: Position { Position(rawValue: size) }
}

/// A checkpoint with the note that signs it.
public struct SignedCheckpoint: Hashable, Sendable {
    public let checkpoint: Checkpoint
    public let note: SignedNote

    init?(_ checkpoint: Checkpoint, signedBy key: SigningKey) {
        guard let note = key.sign(checkpoint.text) else { return nil }
        self.checkpoint = checkpoint
        self.note = note
    }

    /// `nil` for what is no checkpoint. Says nothing about the signatures.
    public init?(parsing bytes: [UInt8]) {
        guard let note = SignedNote(parsing: bytes), let checkpoint = Checkpoint(text: note.text)
        else { return nil }
        self.checkpoint = checkpoint
        self.note = note
    }

    public var encoded: [UInt8] { note.encoded }
}

extension UInt64 {
    /// From decimal digits alone, without leading zeros.
    init?(plain text: some StringProtocol) {
        guard let number = UInt64(text), String(number) == text else { return nil }
        self = number
    }
}
