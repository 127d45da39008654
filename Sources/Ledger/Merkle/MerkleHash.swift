/// A hash of the Merkle tree (RFC 6962 section 2.1): a leaf's, a node's or a whole tree's.
public struct MerkleHash: Hashable, Sendable, BitwiseCopyable {
    static let byteCount = 32

    /// The 32 bytes as they lie: four little-endian words.
    let words: Link.InlineWords

    /// `nil` unless `bytes` are exactly 32.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        // UInt8 has no padding whose bytes could be uninitialised.
        unsafe self.init(bytes.span.bytes)
    }

    /// From the first 32 bytes of `bytes`.
    init(_ bytes: RawSpan) {
        words = Link.InlineWords(bytes)
    }

    init(_ digest: SHA256.Digest) {
        words = digest
    }

    public var bytes: [UInt8] {
        [words.first, words.second, words.third, words.fourth].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
        }
    }

    /// The hash of a tree without leaves: SHA-256 of nothing.
    public static let empty = MerkleHash(SHA256.hash([UInt8]()))

    /// The hash of a leaf: SHA-256 of 0 and its content.
    public static func leaf(_ content: [UInt8]) -> MerkleHash {
        var hasher = SHA256()
        hasher.update([0])
        hasher.update(content)
        return MerkleHash(hasher.finish())
    }

    /// The hash of a node: SHA-256 of 1 and its children's hashes.
    static func node(_ left: MerkleHash, _ right: MerkleHash) -> MerkleHash {
        var content = InlineArray<65, UInt8>(repeating: 1)
        var room = content.mutableSpan
        // UInt8 has no padding whose bytes could be uninitialised.
        var bytes = unsafe room.mutableBytes
        bytes.store(left, at: 1)
        bytes.store(right, at: 33)
        return MerkleHash(SHA256.hash(unsafe content.span.bytes))
    }
}

extension MerkleHash: CustomStringConvertible {
    /// In base64, as in checkpoints and proofs.
    public var description: String { Base64.encode(bytes) }
}

extension MutableRawSpan {
    @_lifetime(self: copy self)
    mutating func store(_ hash: MerkleHash, at offset: Int) {
        store(hash.words.first, at: offset)
        store(hash.words.second, at: offset + 8)
        store(hash.words.third, at: offset + 16)
        store(hash.words.fourth, at: offset + 24)
    }
}
