/// Hands out a segment's events. It keeps what it has decoded last, so that reading in order, or
/// near each other, decodes each stripe once and each block once per kind.
struct SegmentDecoder: ~Copyable {
    /// A decompressed block of payloads.
    private struct OpenBlock {
        var entry = -1
        var firstRank = 0
        var bytes: [UInt8] = []
        /// Where each payload ends; the first one begins at `start`.
        var ends: [Int] = []
        var start = 0
    }

    private(set) var streams: [UInt64] = []
    private(set) var tags: [EventTag] = []
    private(set) var frames: [FrameFacts] = []
    /// The index after the last event of each boot.
    private var boots: [(end: Int, id: BootID)] = []
    private var stripe = Stripe()
    private var stripeStart = -1
    private var blocks: [OpenBlock] = []
    private var room: [UInt8] = []
    private let decompressor = ZstdDecompressor()

    /// Reads the dictionaries and the facts of the frames.
    init(_ segment: SegmentView) throws(Corruption) {
        streams = try Self.keys(.streams, segment)
        for tag in try Self.keys(.kinds, segment) {
            guard let tag = UInt32(exactly: tag), tag < 1 << 24 else {
                throw .segment(.postings)
            }
            tags.append(EventTag(rawValue: tag))
        }
        blocks = [OpenBlock](repeating: OpenBlock(), count: tags.count)
        let entry = try segment.entry(.frames, atOrBefore: 0)
        try segment.expand(entry, with: decompressor, into: &room)
        // UInt8 has no padding whose bytes could be uninitialised.
        frames = unsafe try FrameFacts.decode(
            room.span.bytes, frames: segment.header.frameCount, events: segment.header.count)
        var end = 0
        for frame in frames {
            end += frame.count
            if boots.last?.id == frame.bootID { boots.removeLast() }
            boots.append((end, frame.bootID))
        }
    }

    /// The rising keys of a section's posting tables.
    private static func keys(
        _ section: SegmentSection, _ segment: SegmentView
    ) throws(Corruption) -> [UInt64] {
        var keys: [UInt64] = []
        for entry in segment.range(of: section) {
            let table = try PostingTable(segment.block(entry))
            for index in 0..<table.count {
                let key = table.key(index)
                if let last = keys.last, last >= key { throw .segment(.postings) }
                keys.append(key)
            }
        }
        guard !keys.isEmpty, keys.count <= segment.header.count else {
            throw .segment(.postings)
        }
        return keys
    }

    /// Calls `visit` with the event at `index`, counted from 0 in this segment.
    mutating func visit<Value>(
        _ index: Int, in segment: SegmentView, _ visit: (borrowing EventView) -> Value
    ) throws(Corruption) -> Value {
        let header = try header(index, in: segment)
        let place = index - stripeStart
        let block = try block(of: stripe.tags[place], rank: stripe.ranks[place], segment)
        let slot = stripe.ranks[place] - block.firstRank
        let start = slot == 0 ? block.start : block.ends[slot - 1]
        // UInt8 has no padding whose bytes could be uninitialised.
        let payload = unsafe block.bytes.span.bytes.extracting(start..<block.ends[slot])
        return visit(
            EventView(
                position: Position(rawValue: segment.header.first.rawValue + UInt64(index)),
                header: header, bootID: bootID(index), payload: payload))
    }

    /// Everything but the payload.
    mutating func header(
        _ index: Int, in segment: SegmentView
    ) throws(Corruption) -> EventHeader {
        precondition(index >= 0 && index < segment.header.count, "an event of the segment")
        try loadStripe(of: index, segment)
        let place = index - stripeStart
        let tag = tags[stripe.tags[place]]
        return EventHeader(
            kind: tag.kind, schemaVersion: tag.schemaVersion,
            stream: StreamID(rawValue: streams[stripe.streams[place]]),
            wallTime: stripe.wallTimes[place], monotonicTime: stripe.monotonicTimes[place])
    }

    /// Where the payload of the event at `index` is among all.
    mutating func rank(_ index: Int, in segment: SegmentView) throws(Corruption) -> Int {
        try loadStripe(of: index, segment)
        return stripe.ranks[index - stripeStart]
    }

    private mutating func loadStripe(
        of index: Int, _ segment: SegmentView
    ) throws(Corruption) {
        let start = index - index % SegmentLayout.stripeEvents
        if start == stripeStart { return }
        stripeStart = -1
        let entry = try segment.entry(.stripe, atOrBefore: UInt64(start))
        guard segment.entries[entry].key == UInt64(start) else { throw .segment(.directory) }
        let count = min(SegmentLayout.stripeEvents, segment.header.count - start)
        let bounds = Stripe.Bounds(
            events: segment.header.count, streams: streams.count, tags: tags.count)
        try stripe.load(segment.block(entry), count: count, bounds)
        stripeStart = start
    }

    private mutating func block(
        of tag: Int, rank: Int, _ segment: SegmentView
    ) throws(Corruption) -> OpenBlock {
        let open = blocks[tag]
        if open.entry >= 0, rank >= open.firstRank, rank - open.firstRank < open.ends.count {
            return open
        }
        let entry = try segment.entry(.payload, atOrBefore: UInt64(rank))
        var block = OpenBlock()
        swap(&block, &blocks[tag])
        block.entry = -1
        try segment.expand(entry, with: decompressor, into: &block.bytes)
        try Self.measure(&block, firstRank: segment.entries[entry].key, segment.header.count)
        guard rank - block.firstRank < block.ends.count else { throw .segment(.payload) }
        block.entry = entry
        blocks[tag] = block
        return block
    }

    /// Reads the lengths that a block begins with.
    private static func measure(
        _ block: inout OpenBlock, firstRank: UInt64, _ events: Int
    ) throws(Corruption) {
        guard firstRank < UInt64(events) else { throw .segment(.directory) }
        block.firstRank = Int(firstRank)
        var ends = block.ends
        block.ends = []
        ends.removeAll(keepingCapacity: true)
        // UInt8 has no padding whose bytes could be uninitialised.
        let whole = block.bytes
        let bytes = unsafe whole.span.bytes
        var reader = ByteReader(bytes, or: .payload)
        let count = try reader.count(atMost: events)
        var end = 0
        for _ in 0..<count {
            end += try reader.count(atMost: LedgerLimits.eventBytesMax)
            ends.append(end)
        }
        let start = reader.offset
        guard count > 0, end == bytes.byteCount - start else { throw .segment(.payload) }
        for index in 0..<count { ends[index] += start }
        block.start = start
        block.ends = ends
    }

    private func bootID(_ index: Int) -> BootID {
        var low = 0
        var high = boots.count - 1
        while low < high {
            let middle = (low + high) / 2
            if boots[middle].end <= index { low = middle + 1 } else { high = middle }
        }
        return boots[low].id
    }
}
