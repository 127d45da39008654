/// A frame where it lies on disk. Any bytes may be handed to `init`: what is not a frame is
/// refused with its cause, and nothing outside the bytes is ever read.
struct FrameView: ~Escapable {
    let bytes: RawSpan
    let first: Position
    let count: Int
    let payloadBytes: Int
    /// How many of its batches are stamped.
    let stampCount: Int

    /// Measures the frame. Checksums and chain are checked by the caller's choice of methods.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) throws(Corruption) {
        guard bytes.byteCount >= FrameLayout.payloadsOffset(count: 1) else {
            throw .frameTruncated
        }
        guard bytes.half(at: FrameLayout.Header.magic) == FrameLayout.magic else {
            throw .frameMagic
        }
        stampCount = try Self.stampCount(bytes)
        let first = bytes.word(at: FrameLayout.Header.first)
        let count = bytes.half(at: FrameLayout.Header.count)
        guard count > 0, first > 0, first <= UInt64.max - UInt64(count) else {
            throw .frameCount(count)
        }
        payloadBytes = Int(bytes.half(at: FrameLayout.Header.payloadBytes))
        self.count = Int(count)
        let expected = FrameLayout.frameBytes(
            count: self.count, payloadBytes: payloadBytes, stamps: stampCount)
        guard bytes.byteCount >= expected else { throw .frameTruncated }
        guard bytes.byteCount == expected else { throw .frameOversized }
        self.first = Position(rawValue: first)
        self.bytes = bytes
    }

    /// Also tells the two versions apart, which differ in their stamps only.
    private static func stampCount(_ bytes: RawSpan) throws(Corruption) -> Int {
        let version = bytes.quarter(at: FrameLayout.Header.version)
        let headerBytes = Int(bytes.quarter(at: FrameLayout.Header.headerBytes))
        switch (version, headerBytes) {
        case (FrameLayout.version, FrameLayout.headerBytes):
            return 0
        case (FrameLayout.stampedVersion, FrameLayout.stampedHeaderBytes):
            let stamps = bytes.half(at: FrameLayout.Header.stampCount)
            guard (1...UInt32(LedgerLimits.frameEventsMax)).contains(stamps) else {
                throw .frameStamps
            }
            return Int(stamps)
        default:
            throw .frameVersion(version)
        }
    }

    /// Also checks that the frame is filed under its first position.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, filedUnder key: RawSpan) throws(Corruption) {
        self = try FrameView(bytes)
        guard key.byteCount == 8, key.word(at: 0).byteSwapped == first.rawValue else {
            throw .frameKey
        }
    }

    var last: Position { Position(rawValue: first.rawValue + UInt64(count) - 1) }

    var bootID: BootID {
        BootID(
            high: bytes.word(at: FrameLayout.Header.bootHigh).byteSwapped,
            low: bytes.word(at: FrameLayout.Header.bootLow).byteSwapped)
    }

    var producer: UInt64 { bytes.word(at: FrameLayout.Header.producer) }

    var producerSequence: UInt64 { bytes.word(at: FrameLayout.Header.producerSequence) }

    var previousLink: Link {
        Link(bytes.extracting(droppingFirst: FrameLayout.Header.previousLink))
    }

    var link: Link { Link(bytes.extracting(droppingFirst: FrameLayout.Header.link)) }

    /// Checks header and records, 32 bytes an event: what a scan by stream needs.
    func checkRecords() throws(Corruption) {
        let end = FrameLayout.checksumOffset(count: count, stamps: stampCount)
        guard XXH64.hash(bytes.extracting(first: end)) == bytes.word(at: end) else {
            throw .recordsChecksum
        }
    }

    /// Checks the payloads; after `checkRecords`, which vouches for their checksum.
    func checkPayloads() throws(Corruption) {
        let payloads = bytes.extracting(
            droppingFirst: FrameLayout.payloadsOffset(count: count, stamps: stampCount))
        guard
            XXH64.hash(payloads) == bytes.word(at: FrameLayout.Header.payloadChecksum)
        else { throw .payloadChecksum }
        guard try payloadEnd(count - 1) == payloadBytes else { throw .recordBounds }
    }

    /// Checks that the events hash to the frame's chain value.
    func checkLink(_ hasher: inout LeafHasher) throws(Corruption) {
        _ = try checkedLeaves(&hasher)
    }

    /// The events' hashes, once they are known to give the frame's chain value.
    func checkedLeaves(_ hasher: inout LeafHasher) throws(Corruption) -> [MerkleHash] {
        var leaves: [MerkleHash] = []
        leaves.reserveCapacity(count)
        hasher.bootID = bootID
        for index in 0..<count {
            leaves.append(hasher.hash(header(index), payload: try payload(index)))
        }
        let chained = LinkHasher.link(of: leaves[...], first: first, previous: previousLink)
        guard chained == link else { throw .link }
        return leaves
    }

    func stream(_ index: Int) -> StreamID {
        StreamID(rawValue: bytes.word(at: record(index) + FrameLayout.Record.stream))
    }

    func kind(_ index: Int) -> EventKind {
        EventKind(rawValue: bytes.quarter(at: record(index) + FrameLayout.Record.kind))
    }

    func wallTime(_ index: Int) -> Int64 {
        Int64(bitPattern: bytes.word(at: record(index) + FrameLayout.Record.wallTime))
    }

    func header(_ index: Int) -> EventHeader {
        let record = record(index)
        return EventHeader(
            kind: kind(index),
            schemaVersion: bytes.byte(at: record + FrameLayout.Record.schemaVersion),
            stream: stream(index), wallTime: wallTime(index),
            monotonicTime: bytes.word(at: record + FrameLayout.Record.monotonicTime))
    }

    @_lifetime(copy self)
    func payload(_ index: Int) throws(Corruption) -> RawSpan {
        let start = index == 0 ? 0 : try payloadEnd(index - 1)
        let end = try payloadEnd(index)
        guard start <= end else { throw .recordBounds }
        let base = FrameLayout.payloadsOffset(count: count, stamps: stampCount)
        return bytes.extracting(base + start..<base + end)
    }

    @_lifetime(copy self)
    func event(_ index: Int) throws(Corruption) -> EventView {
        try EventView(
            position: Position(rawValue: first.rawValue + UInt64(index)),
            header: header(index), bootID: bootID, payload: payload(index))
    }

    private func payloadEnd(_ index: Int) throws(Corruption) -> Int {
        let end = Int(bytes.half(at: record(index) + FrameLayout.Record.payloadEnd))
        guard end <= payloadBytes else { throw .recordBounds }
        return end
    }

    private func record(_ index: Int) -> Int {
        precondition(index >= 0 && index < count, "an event of this frame")
        return FrameLayout.headerBytes(stamps: stampCount) + FrameLayout.recordBytes * index
    }

    /// How many events the stamped batch has; after `checkRecords`.
    func stampedEvents(_ index: Int) -> UInt32 {
        precondition(index >= 0 && index < stampCount, "a stamp of this frame")
        let place =
            FrameLayout.stampsOffset(count: count, stamps: stampCount)
            + FrameLayout.stampBytes * index
        return bytes.half(at: place + FrameLayout.Stamp.count)
    }

    /// The stamp of a batch and the position of its first event; after `checkRecords`.
    func stamp(_ index: Int) throws(Corruption) -> (stamp: ProducerStamp, first: Position) {
        precondition(index >= 0 && index < stampCount, "a stamp of this frame")
        let place =
            FrameLayout.stampsOffset(count: count, stamps: stampCount)
            + FrameLayout.stampBytes * index
        let producer = bytes.word(at: place + FrameLayout.Stamp.producer)
        let sequence = bytes.word(at: place + FrameLayout.Stamp.sequence)
        let firstIndex = Int(bytes.half(at: place + FrameLayout.Stamp.firstIndex))
        guard producer > 0, sequence > 0, firstIndex < count else { throw .frameStamps }
        return (
            ProducerStamp(producer: ProducerID(rawValue: producer), sequence: sequence),
            Position(rawValue: first.rawValue + UInt64(firstIndex))
        )
    }
}
