/// Takes frames in order and makes a segment of them. Each is checked down to its chain value
/// before it is taken, so that damage is never sealed.
struct SegmentBuilder {
    let first: Position
    let previousLink: Link
    private(set) var link: Link
    private(set) var frames: [FrameFacts] = []
    private(set) var headers: [EventHeader] = []
    private(set) var payloads: [UInt8] = []
    private(set) var payloadEnds: [Int] = []
    private(set) var leaves: [MerkleHash] = []
    private var hasher = LeafHasher(bootID: BootID(high: 0, low: 0))

    /// `previousLink` is the chain value before `first`.
    init(first: Position, previousLink: Link) {
        self.first = first
        self.previousLink = previousLink
        link = previousLink
    }

    var isEmpty: Bool { headers.isEmpty }
    var next: Position { Position(rawValue: first.rawValue + UInt64(headers.count)) }

    func hasRoom(for frame: FrameView) -> Bool {
        frames.count < LedgerLimits.segmentFramesMax
            && headers.count + frame.count <= LedgerLimits.segmentEventsMax
            && payloads.count + frame.payloadBytes <= LedgerLimits.segmentPayloadBytesMax
    }

    mutating func add(_ frame: FrameView) throws(Corruption) {
        precondition(hasRoom(for: frame), "a segment within its limits")
        try frame.checkRecords()
        guard frame.first == next else { throw .gap(expected: next) }
        guard frame.previousLink == link else { throw .previousLink }
        try frame.checkPayloads()
        let start = leaves.count
        hasher.bootID = frame.bootID
        for index in 0..<frame.count {
            let header = frame.header(index)
            let payload = try frame.payload(index)
            leaves.append(hasher.hash(header, payload: payload))
            headers.append(header)
            // The view is only read while the array copies from it.
            unsafe payload.withUnsafeBytes { unsafe payloads.append(contentsOf: $0) }
            payloadEnds.append(payloads.count)
        }
        let chained = LinkHasher.link(of: leaves[start...], first: frame.first, previous: link)
        guard chained == frame.link else { throw .link }
        link = frame.link
        frames.append(FrameFacts(frame))
    }

    /// The finished segment, of at least one frame.
    func finish() -> EncodedSegment {
        precondition(!isEmpty, "a segment holds at least one event")
        let compressor = ZstdCompressor()
        let lists = EventLists(headers)
        var blocks = BlockPacker()
        blocks.append(
            compressor.compress(FrameFacts.encode(frames)), .frames, key: 0,
            rawBytes: FrameFacts.encode(frames).count)
        appendStripes(lists, to: &blocks)
        appendPostings(lists.tags.map { UInt64($0.rawValue) }, lists.byTag, .kinds, to: &blocks)
        appendPostings(lists.streams, lists.byStream, .streams, to: &blocks)
        appendPayloads(lists, compressor, to: &blocks)
        appendLeaves(to: &blocks)
        return EncodedSegment(self, filter: StreamFilter.make(lists.streams), blocks)
    }

    private func appendStripes(_ lists: EventLists, to blocks: inout BlockPacker) {
        for start in stride(from: 0, to: headers.count, by: SegmentLayout.stripeEvents) {
            let range = start..<min(start + SegmentLayout.stripeEvents, headers.count)
            let bytes = Stripe.encode(
                headers[range], streams: Array(lists.streamOf[range]),
                tags: Array(lists.tagOf[range]), ranks: Array(lists.rankOf[range]))
            blocks.append(bytes, .stripe, key: UInt64(start), rawBytes: bytes.count)
        }
    }

    private func appendPostings(
        _ keys: [UInt64], _ indices: [[UInt16]], _ section: SegmentSection,
        to blocks: inout BlockPacker
    ) {
        var table = PostingTable.Builder()
        func flush() {
            guard let key = table.keys.first else { return }
            let bytes = table.finish()
            blocks.append(bytes, section, key: key, rawBytes: bytes.count)
            table = PostingTable.Builder()
        }
        for (key, indices) in zip(keys, indices) {
            var list: [UInt8] = []
            PostingList.append(indices[...], to: &list)
            if table.byteCount + list.count > SegmentLayout.postingsBytes { flush() }
            table.append(key, list)
        }
        flush()
    }

    private func appendPayloads(
        _ lists: EventLists, _ compressor: borrowing ZstdCompressor,
        to blocks: inout BlockPacker
    ) {
        var lengths: [UInt8] = []
        var bytes: [UInt8] = []
        var count = 0
        var rank = 0
        func flush() {
            var raw: [UInt8] = []
            raw.append(varint: UInt64(count))
            raw += lengths
            raw += bytes
            blocks.append(
                compressor.compress(raw), .payload, key: UInt64(rank - count),
                rawBytes: raw.count)
            lengths.removeAll(keepingCapacity: true)
            bytes.removeAll(keepingCapacity: true)
            count = 0
        }
        for index in lists.byTag.joined() {
            let start = index == 0 ? 0 : payloadEnds[Int(index) - 1]
            let payload = payloads[start..<payloadEnds[Int(index)]]
            let limit =
                count < LedgerLimits.segmentBlockEventsMin
                ? LedgerLimits.segmentBlockBytesMax : LedgerLimits.segmentBlockBytesMin
            if count > 0, bytes.count + payload.count > limit { flush() }
            lengths.append(varint: UInt64(payload.count))
            bytes += payload
            count += 1
            rank += 1
        }
        flush()
    }

    private func appendLeaves(to blocks: inout BlockPacker) {
        for start in stride(from: 0, to: headers.count, by: SegmentLayout.leavesPerBlock) {
            let end = min(start + SegmentLayout.leavesPerBlock, headers.count)
            // Four words without padding, whose memory is the hash.
            let bytes = unsafe leaves[start..<end].span.bytes.array
            blocks.append(bytes, .leaves, key: UInt64(start), rawBytes: bytes.count)
        }
    }
}

/// Which events each stream and each tag has, and the other way round.
struct EventLists: Equatable {
    private(set) var streams: [UInt64] = []
    private(set) var tags: [EventTag] = []
    private(set) var byStream: [[UInt16]] = []
    private(set) var byTag: [[UInt16]] = []
    private(set) var streamOf: [Int] = []
    private(set) var tagOf: [Int] = []
    private(set) var rankOf: [Int] = []

    init(_ headers: [EventHeader]) {
        (streams, streamOf, byStream) = Self.group(headers.map(\.stream.rawValue))
        (tags, tagOf, byTag) = Self.group(headers.map(EventTag.init))
        rankOf = [Int](repeating: 0, count: headers.count)
        var rank = 0
        for index in byTag.joined() {
            rankOf[Int(index)] = rank
            rank += 1
        }
    }

    private static func group<Key: Hashable & Comparable>(
        _ keys: [Key]
    ) -> (sorted: [Key], places: [Int], lists: [[UInt16]]) {
        let sorted = Set(keys).sorted()
        let places = Dictionary(uniqueKeysWithValues: zip(sorted, 0...))
        var lists = [[UInt16]](repeating: [], count: sorted.count)
        let found = keys.map { places[$0] ?? 0 }
        for (index, place) in found.enumerated() { lists[place].append(UInt16(index)) }
        return (sorted, found, lists)
    }
}
