internal import Crypto

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

    mutating func hash(_ header: EventHeader, payload: RawSpan) -> SHA256.Digest {
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
        // The hash function reads the bytes during the call only.
        var hasher = SHA256()
        unsafe scratch.withUnsafeBytes {
            unsafe hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<length]))
        }
        return hasher.finalize()
    }
}

/// The leaf hashes of a batch, in order, 32 bytes each.
struct LeafHashes: Sendable {
    private(set) var bytes: [UInt8]

    init(of batch: EventBatch, bootID: BootID) {
        bytes = []
        bytes.reserveCapacity(batch.count * Link.byteCount)
        var hasher = LeafHasher(bootID: bootID)
        // UInt8 has no padding whose bytes could be uninitialised.
        let payloads = unsafe batch.payloads.span.bytes
        var start = 0
        for entry in batch.entries {
            let end = Int(entry.payloadEnd)
            let leaf = hasher.hash(entry.header, payload: payloads.extracting(start..<end))
            // The digest is only read while the array copies from it.
            unsafe leaf.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
            start = end
        }
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
        hasher.update(data: prefix)
    }

    /// In one piece: a call of the hash function for each leaf costs as much as its hashing.
    mutating func append(_ leaves: ArraySlice<MerkleHash>) {
        // Four words without padding, whose memory is the hash on a little-endian processor, like
        // all that LMDB's pages hold here; read during the call only.
        unsafe leaves.span.bytes.withUnsafeBytes { unsafe hasher.update(bufferPointer: $0) }
    }

    /// 32 bytes a leaf.
    mutating func append(_ leaves: ArraySlice<UInt8>) {
        hasher.update(data: leaves)
    }

    mutating func append(_ leaves: LeafHashes) {
        hasher.update(data: leaves.bytes)
    }

    func finish() -> Link { Link(hasher.finalize()) }
}

extension Link {
    init(_ digest: SHA256.Digest) {
        // The digest's 32 bytes are only read during the call.
        self = unsafe digest.withUnsafeBytes { unsafe Link(RawSpan(_unsafeBytes: $0)) }
    }

    /// What the first frame of a ledger continues: the hash of 3 and the ledger's id, so that no
    /// frame of one ledger fits another.
    static func origin(of ledger: LedgerID) -> Link {
        var bytes = [UInt8](repeating: 3, count: 17)
        var room = bytes.mutableSpan
        // UInt8 has no padding whose bytes could be uninitialised.
        var span = unsafe room.mutableBytes
        span.store(ledger.high.byteSwapped, at: 1)
        span.store(ledger.low.byteSwapped, at: 9)
        return Link(SHA256.hash(data: bytes))
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
