/// Frames of a log that follow a position, as many as are copied at once.
struct FrameChunk {
    private(set) var frames: [StoredFrame] = []
    private(set) var byteCount = 0
    private let limit: Position
    private var end: LedgerHead

    /// The frames behind `head`, none that ends behind `limit`: as they are, or made again of the
    /// segment that holds them. Each is checked down to its link.
    init(
        _ snapshot: Snapshot, behind head: LedgerHead, through limit: Position
    ) throws(Corruption) {
        self.limit = limit
        end = head
        var cursor = PageCursor(try snapshot.frames())
        let key = FrameLayout.key(head.position.next)
        // UInt8 has no padding whose bytes could be uninitialised.
        if unsafe try cursor.seek(atOrBefore: key.span.bytes) {
            try addFrames(&cursor)
        } else if let segment = try snapshot.segment(holding: head.position.next) {
            try segment.withEvents { segment throws(Corruption) in try addFrames(of: segment) }
        }
    }

    private var isFull: Bool {
        frames.count >= LedgerLimits.chunkFramesMax || byteCount >= LedgerLimits.chunkBytesMax
    }

    private mutating func addFrames(_ cursor: inout PageCursor) throws(Corruption) {
        var hasher = LeafHasher(bootID: BootID(high: 0, low: 0))
        while !isFull {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            if frame.last > limit { return }
            // It may be the one that the copy ends with, when nothing follows it.
            if frame.last != end.position {
                let stored = try StoredFrame(frame, &hasher)
                try add(stored, continuing: frame.previousLink)
            }
            guard try cursor.advance() else { return }
        }
    }

    private mutating func addFrames(of segment: SegmentView) throws(Corruption) {
        var decoder = try SegmentDecoder(segment)
        let facts = decoder.frames
        for (facts, place) in zip(facts, try segment.places())
        where place.first > end.position && !isFull {
            if place.last > limit { return }
            let frame = try segment.frame(facts, at: place, &decoder)
            try add(frame, continuing: place.previousLink)
        }
    }

    private mutating func add(
        _ frame: StoredFrame, continuing link: Link
    ) throws(Corruption) {
        guard frame.first == end.position.next else { throw .gap(expected: end.position.next) }
        guard link == end.link else { throw .previousLink }
        frames.append(frame)
        byteCount += frame.bytes.count
        end = LedgerHead(ledger: end.ledger, position: frame.last, link: frame.link)
    }
}
