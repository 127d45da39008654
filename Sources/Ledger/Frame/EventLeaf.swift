/// An event as a leaf of the Merkle tree: all that its hash covers.
public struct EventLeaf: Hashable, Sendable {
    /// Boot id, kind, schema version, stream, wall time, monotonic time.
    static let headerBytes = 16 + 2 + 1 + 8 + 8 + 8

    public let bootID: BootID
    public let header: EventHeader
    public let payload: [UInt8]

    init(_ event: borrowing EventView) {
        bootID = event.bootID
        header = event.header
        payload = event.payload.array
    }

    /// From the content of a leaf, e.g. one that came with a ``TlogProof``; `nil` when it is too
    /// short for one.
    public init?(content: [UInt8]) {
        guard content.count >= Self.headerBytes else { return nil }
        // UInt8 has no padding whose bytes could be uninitialised.
        let bytes = unsafe content.span.bytes
        bootID = BootID(high: bytes.word(at: 0).byteSwapped, low: bytes.word(at: 8).byteSwapped)
        header = EventHeader(
            kind: EventKind(rawValue: bytes.quarter(at: 16)), schemaVersion: bytes.byte(at: 18),
            stream: StreamID(rawValue: bytes.word(at: 19)),
            wallTime: Int64(bitPattern: bytes.word(at: 27)), monotonicTime: bytes.word(at: 35))
        payload = Array(content[Self.headerBytes...])
    }

    /// What follows the byte 0 in the leaf's hash.
    public var content: [UInt8] {
        var content = [UInt8](repeating: 0, count: Self.headerBytes + payload.count)
        var room = content.mutableSpan
        // UInt8 has no padding whose bytes could be uninitialised.
        var bytes = unsafe room.mutableBytes
        bytes.store(bootID.high.byteSwapped, at: 0)
        bytes.store(bootID.low.byteSwapped, at: 8)
        bytes.store(header.kind.rawValue, at: 16)
        bytes.storeByte(header.schemaVersion, at: 18)
        bytes.store(header.stream.rawValue, at: 19)
        bytes.store(UInt64(bitPattern: header.wallTime), at: 27)
        bytes.store(header.monotonicTime, at: 35)
        bytes.store(payload, at: Self.headerBytes)
        return content
    }

    public var hash: MerkleHash { .leaf(content) }
}
