/// Hashes an event as a leaf of the ledger's Merkle tree (RFC 6962 section 2.1: a leaf's hash
/// begins with the byte 0).
///
/// The leaf holds what the caller gave and the boot id. Its position is not in it: the leaf's
/// index in the tree says it, and so a leaf can be hashed before it has one.
struct LeafHasher {
    /// 0, boot id, kind, schema version, stream, wall time, monotonic time.
    private static let prefixBytes = 1 + 16 + 2 + 1 + 8 + 8 + 8

    var bootID: BootID
    /// The leaf in one piece: a single call of the hash function beats three by far.
    private var scratch = [UInt8](repeating: 0, count: prefixBytes + 512)

    init(bootID: BootID) {
        self.bootID = bootID
    }

    mutating func hash(_ header: EventHeader, payload: RawSpan) -> MerkleHash {
        let length = Self.prefixBytes + payload.byteCount
        if length > scratch.count {
            scratch = [UInt8](repeating: 0, count: max(length, 2 * scratch.count))
        }
        let boot = bootID
        var room = scratch.mutableSpan
        // UInt8 has no padding whose bytes could be uninitialised.
        var leaf = unsafe room.mutableBytes
        leaf.storeByte(0, at: 0)
        leaf.store(boot.high.byteSwapped, at: 1)
        leaf.store(boot.low.byteSwapped, at: 9)
        leaf.store(header.kind.rawValue, at: 17)
        leaf.storeByte(header.schemaVersion, at: 19)
        leaf.store(header.stream.rawValue, at: 20)
        leaf.store(UInt64(bitPattern: header.wallTime), at: 28)
        leaf.store(header.monotonicTime, at: 36)
        leaf.copy(payload, to: Self.prefixBytes)
        // UInt8 has no padding whose bytes could be uninitialised.
        return MerkleHash(SHA256.hash(unsafe scratch.span.bytes.extracting(first: length)))
    }
}

/// Hashes a frame's chain value: 2, the previous link, first position, count, every leaf hash.
/// The first byte keeps a frame apart from a leaf (0) and a node (1) of the Merkle tree.
struct LinkHasher {
    private var hasher = SHA256()

    init(previous: Link, first: Position, count: Int) {
        var prefix = [UInt8](repeating: 0, count: 1 + Link.byteCount + 8 + 4)
        var room = prefix.mutableSpan
        // UInt8 has no padding whose bytes could be uninitialised.
        var bytes = unsafe room.mutableBytes
        bytes.storeByte(2, at: 0)
        bytes.store(previous, at: 1)
        bytes.store(first.rawValue, at: 33)
        bytes.store(UInt32(count), at: 41)
        hasher.update(prefix)
    }

    /// In one piece: a call of the hash function for each leaf costs as much as its hashing.
    mutating func append(_ leaves: ArraySlice<MerkleHash>) {
        // Four words without padding, whose memory is the hash on a little-endian processor, like
        // all that LMDB's pages hold here.
        hasher.update(unsafe leaves.span.bytes)
    }

    /// 32 bytes a leaf.
    mutating func append(_ leaves: ArraySlice<UInt8>) {
        // UInt8 has no padding whose bytes could be uninitialised.
        hasher.update(unsafe leaves.span.bytes)
    }

    /// Of a frame that holds the events with these hashes.
    static func link(
        of leaves: ArraySlice<MerkleHash>, first: Position, previous: Link
    ) -> Link {
        var chain = LinkHasher(previous: previous, first: first, count: leaves.count)
        chain.append(leaves)
        return chain.finish()
    }

    mutating func finish() -> Link { Link(hasher.finish()) }
}

extension Link {
    /// What the first frame of a ledger continues: the hash of 3 and the ledger's id, so that no
    /// frame of one ledger fits another.
    static func origin(of ledger: LedgerID) -> Link {
        var bytes = [UInt8](repeating: 3, count: 17)
        var room = bytes.mutableSpan
        // UInt8 has no padding whose bytes could be uninitialised.
        var span = unsafe room.mutableBytes
        span.store(ledger.high.byteSwapped, at: 1)
        span.store(ledger.low.byteSwapped, at: 9)
        return Link(SHA256.hash(bytes))
    }
}

extension MutableRawSpan {
    @_lifetime(self: copy self)
    mutating func store(_ link: Link, at offset: Int) {
        store(link.words.first, at: offset)
        store(link.words.second, at: offset + 8)
        store(link.words.third, at: offset + 16)
        store(link.words.fourth, at: offset + 24)
    }
}
