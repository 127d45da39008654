/// Hands out a segment's events. It keeps what it has decoded last, so that reading in order, or
/// near each other, decodes each stripe once and each block once per kind.
struct SegmentDecoder: ~Copyable {
    /// A decompressed block of payloads.
    private struct OpenBlock {
        var firstRank = 0
        /// At least as long as the block.
        var bytes: [UInt8] = []
        /// Where each payload ends; the first one begins at `start`.
        var ends: [Int] = []
        var start = 0

        func holds(_ rank: Int) -> Bool {
            rank >= firstRank && rank - firstRank < ends.count
        }

        /// Changes nothing: what may be changed is looked at where it lies, and not counted.
        @inline(__always)  // some loads, once for every event
        mutating func withPayload<Value>(_ rank: Int, _ body: (RawSpan) -> Value) -> Value {
            let slot = rank - firstRank
            let start = slot == 0 ? start : ends[slot - 1]
            let end = ends[slot]
            return unsafe bytes.withUnsafeMutableBytes { block in
                // The span lives no longer than this closure.
                let payload = unsafe UnsafeRawBufferPointer(rebasing: block[start..<end])
                return body(unsafe RawSpan(_unsafeBytes: payload))
            }
        }

        /// Reads the lengths that the block begins with.
        mutating func measure(_ entry: SegmentEntry, _ events: Int) throws(Corruption) {
            guard entry.key < UInt64(events) else { throw .segment(.directory) }
            firstRank = Int(entry.key)
            let bytes = self.bytes
            // UInt8 has no padding whose bytes could be uninitialised.
            let block = unsafe bytes.span.bytes.extracting(first: entry.rawBytes)
            var reader = ByteReader(block, or: .payload)
            let count = try reader.count(atMost: events)
            var end = 0
            for _ in 0..<count {
                end += try reader.count(atMost: LedgerLimits.eventBytesMax)
                ends.append(end)
            }
            start = reader.offset
            guard count > 0, end == entry.rawBytes - start else {
                ends.removeAll(keepingCapacity: true)
                throw .segment(.payload)
            }
            for index in 0..<count { ends[index] += start }
        }
    }

    /// The dictionary of streams; empty where every event asked for is of `onlyStream`.
    private(set) var streams: [UInt64] = []
    private let onlyStream: StreamID?
    private(set) var tags: [EventTag] = []
    private(set) var frames: [FrameFacts] = []
    /// The index after the last event of each boot.
    private(set) var boots: [(end: Int, id: BootID)] = []
    /// Of the stripe that begins at `stripeStart`; as many as the longest has, once one was
    /// decoded, so that filling them takes nothing from the heap.
    private var rows: [Stripe.Row] = []
    private var nextRanks: [Int] = []
    private var stripeStart = -1
    /// The stripe that single rows were last read of.
    private var checkedStripe = -1
    private var blocks: [OpenBlock] = []
    private let decompressor = ZstdDecompressor()

    /// Reads the dictionaries and the facts of the frames. Who only asks for events of one stream,
    /// as its posting list names them, says so: the dictionary of streams is the longest.
    init(_ segment: SegmentView, onlyStream: StreamID? = nil) throws(Corruption) {
        self.onlyStream = onlyStream
        if onlyStream == nil { streams = try Self.keys(.streams, segment) }
        for tag in try Self.keys(.kinds, segment) {
            guard let tag = UInt32(exactly: tag), tag < 1 << 24 else {
                throw .segment(.postings)
            }
            tags.append(EventTag(rawValue: tag))
        }
        blocks = [OpenBlock](repeating: OpenBlock(), count: tags.count)
        let entry = try segment.entry(.frames, atOrBefore: 0)
        var room: [UInt8] = []
        try segment.expand(entry, with: decompressor, into: &room)
        // UInt8 has no padding whose bytes could be uninitialised.
        let facts = unsafe room.span.bytes.extracting(first: segment.entries[entry].rawBytes)
        frames = try FrameFacts.decode(
            facts, frames: segment.header.frameCount, events: segment.header.count)
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
        let row = try row(index, in: segment)
        let (header, bootID) = (header(row), bootID(index))
        return try withPayload(row, in: segment) { payload in
            visit(
                EventView(
                    position: Position(rawValue: segment.header.first.rawValue + UInt64(index)),
                    header: header, bootID: bootID, payload: payload))
        }
    }

    /// Calls `body` with the payload of an event.
    @inline(__always)  // some loads, once for every event
    mutating func withPayload<Value>(
        _ row: Stripe.Row, in segment: SegmentView, _ body: (RawSpan) -> Value
    ) throws(Corruption) -> Value {
        let tag = row.tag
        if !blocks[tag].holds(row.rank) { try openBlock(of: tag, rank: row.rank, segment) }
        return blocks[tag].withPayload(row.rank, body)
    }

    func header(_ row: Stripe.Row) -> EventHeader {
        let tag = tags[row.tag]
        return EventHeader(
            kind: tag.kind, schemaVersion: tag.schemaVersion,
            stream: onlyStream ?? StreamID(rawValue: streams[row.stream]),
            wallTime: row.wallTime, monotonicTime: row.monotonicTime)
    }

    /// What the columns say of the event at `index`.
    mutating func row(
        _ index: Int, in segment: SegmentView
    ) throws(Corruption) -> Stripe.Row {
        precondition(index >= 0 && index < segment.header.count, "an event of the segment")
        let start = index - index % SegmentLayout.stripeEvents
        if start != stripeStart {
            let stripe = try stripe(from: start, segment)
            checkedStripe = start
            // Of a stripe, one stream has an event or two.
            if onlyStream != nil { return try stripe.row(index - start) }
            stripeStart = -1
            if rows.isEmpty { rows = Self.freshRows }
            try stripe.decode(into: &rows, &nextRanks)
            stripeStart = start
        }
        return rows[index - start]
    }

    private static let freshRows =
        [Stripe.Row](repeating: Stripe.Row(), count: SegmentLayout.stripeEvents)

    @_lifetime(copy segment)
    private func stripe(
        from start: Int, _ segment: SegmentView
    ) throws(Corruption) -> StripeView {
        let entry = try segment.entry(.stripe, atOrBefore: UInt64(start))
        guard segment.entries[entry].key == UInt64(start) else { throw .segment(.directory) }
        let bounds = Stripe.Bounds(
            events: segment.header.count,
            streams: onlyStream == nil ? streams.count : segment.header.count, tags: tags.count)
        let count = min(SegmentLayout.stripeEvents, segment.header.count - start)
        let block =
            start == checkedStripe ? try segment.storedBlock(entry) : try segment.block(entry)
        return try StripeView(block, count: count, bounds)
    }

    private mutating func openBlock(
        of tag: Int, rank: Int, _ segment: SegmentView
    ) throws(Corruption) {
        let entry = try segment.entry(.payload, atOrBefore: UInt64(rank))
        // Where this fails, nothing of the block before may be taken for what was asked for.
        blocks[tag].ends.removeAll(keepingCapacity: true)
        try segment.expand(entry, with: decompressor, into: &blocks[tag].bytes)
        try blocks[tag].measure(segment.entries[entry], segment.header.count)
        guard blocks[tag].holds(rank) else { throw .segment(.payload) }
    }

    private func bootID(_ index: Int) -> BootID {
        // Most segments lie within one boot.
        if boots.count == 1 { return boots[0].id }
        return boots[boots.partitionPoint { $0.end > index }].id
    }
}
