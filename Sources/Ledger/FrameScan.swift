/// Reads frames in order, a chunk at a time: no snapshot is pinned for longer than a chunk.
///
/// Every frame is measured, checksummed and held against the one before it, so that a reader
/// never takes damaged or missing events for the truth.
struct FrameScan {
    /// Only this stream's events, or all.
    let stream: StreamID?
    /// The last position wanted.
    let through: Position
    /// The next position to look at.
    private(set) var next: Position
    /// The chain value before `next`, once a frame was read.
    private var link: Link?

    enum Progress: Hashable {
        /// The chunk is full; there may be more.
        case more
        /// Nothing after `next` is recorded yet.
        case caughtUp
        /// The last position wanted was reached, or the visitor stopped.
        case finished
    }

    init(from: Position, through: Position, stream: StreamID?) {
        precondition(from > .zero, "events are counted from 1")
        next = from
        self.through = through
        self.stream = stream
    }

    /// Reads at most a chunk of `snapshot`.
    mutating func readChunk(
        _ snapshot: Snapshot, _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> Progress {
        guard next <= through else { return .finished }
        var cursor = PageCursor(try snapshot.frames())
        if let segment = try sealed(snapshot, &cursor) { return try read(segment, visit) }
        guard try seek(&cursor) else { return .caughtUp }
        var frameCount = 0
        var byteCount = 0
        while frameCount < LedgerLimits.chunkFramesMax && byteCount < LedgerLimits.chunkBytesMax {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            if try read(frame, visit) == .stop || next > through { return .finished }
            frameCount += 1
            byteCount += frame.bytes.byteCount
            guard try cursor.advance() else { return .caughtUp }
        }
        return .more
    }

    /// The segment that holds `next`, when no frame can.
    @_lifetime(copy snapshot)
    private func sealed(
        _ snapshot: Snapshot, _ cursor: inout PageCursor
    ) throws(Corruption) -> SegmentView? {
        let key = FrameLayout.key(next)
        // UInt8 has no padding whose bytes could be uninitialised.
        if unsafe try cursor.seek(atOrBefore: key.span.bytes) { return nil }
        return try snapshot.segment(holding: next)
    }

    /// Reads on to the end of the segment.
    private mutating func read(
        _ segment: SegmentView, _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> Progress {
        let header = segment.header
        if let link, header.first == next, header.previousLink != link { throw .previousLink }
        let start = Int(next.rawValue - header.first.rawValue)
        let last = min(header.last, through)
        let wanted = start...Int(last.rawValue - header.first.rawValue)
        if try visitEvents(wanted, of: segment, visit) == .stop { return .finished }
        link = last == header.last ? header.link : nil
        next = last.next
        return next > through ? .finished : .more
    }

    private func visitEvents(
        _ wanted: ClosedRange<Int>, of segment: SegmentView,
        _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> ReadStep {
        guard let stream else {
            var decoder = try SegmentDecoder(segment)
            for index in wanted {
                if try decoder.visit(index, in: segment, visit) == .stop { return .stop }
            }
            return .next
        }
        let found = try segment.indices(of: stream).filter { wanted.contains(Int($0)) }
        // Of a segment without a match, nothing is decoded.
        if found.isEmpty { return .next }
        var decoder = try SegmentDecoder(segment)
        for index in found {
            if try decoder.visit(Int(index), in: segment, visit) == .stop { return .stop }
        }
        return .next
    }

    /// To the frame that holds `next`; false when it is not recorded yet.
    private func seek(_ cursor: inout PageCursor) throws(Corruption) -> Bool {
        let key = FrameLayout.key(next)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else {
            // Something recorded, and all of it after `next`: then `next` is lost.
            if try cursor.seekFirst() { throw .gap(expected: next) }
            return false
        }
        let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
        if frame.last >= next { return true }
        return try cursor.advance()
    }

    private mutating func read(
        _ frame: FrameView, _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> ReadStep {
        guard frame.first <= next, frame.last >= next else { throw .gap(expected: next) }
        try frame.checkRecords()
        if let link, frame.first == next, frame.previousLink != link { throw .previousLink }
        var index = Int(next.rawValue - frame.first.rawValue)
        let end = min(frame.last, through).rawValue - frame.first.rawValue
        var isChecked = false
        while index <= Int(end) {
            defer { index += 1 }
            if let stream, frame.stream(index) != stream { continue }
            // Payloads of frames without a match are never touched.
            if !isChecked { try frame.checkPayloads() }
            isChecked = true
            if visit(try frame.event(index)) == .stop { return .stop }
        }
        link = frame.link
        next = min(frame.last, through).next
        return .next
    }
}

extension Snapshot {
    /// The tree of frames, which is made with the ledger.
    @_lifetime(copy self)
    func frames() throws(Corruption) -> PageTree {
        guard let frames = try database(LedgerFormat.framesName) else {
            throw .metadata(LedgerFormat.framesName)
        }
        return frames
    }

    /// The last frame's chain value and position; the origin's when nothing is recorded.
    func head(of ledger: LedgerID) throws(Corruption) -> LedgerHead {
        let empty = LedgerHead(ledger: ledger, position: .zero, link: .origin(of: ledger))
        var cursor = PageCursor(try frames())
        guard try cursor.seekLast() else {
            let sealed = try sealedThrough()
            // Frames follow upon segments, always.
            guard sealed == .zero else { throw .gap(expected: sealed.next) }
            return empty
        }
        let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
        try frame.checkRecords()
        return LedgerHead(ledger: ledger, position: frame.last, link: frame.link)
    }

    /// The chain value at `position`, or `nil` where no frame ends.
    func link(at position: Position, of ledger: LedgerID) throws(Corruption) -> Link? {
        if position == .zero { return .origin(of: ledger) }
        var cursor = PageCursor(try frames())
        let key = FrameLayout.key(position)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else {
            return try sealedPlace(endingAt: position)?.link
        }
        let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
        try frame.checkRecords()
        return frame.last == position ? frame.link : nil
    }

    /// Recomputes the last frame from its events: the one that a crash could have touched.
    func checkLastFrame() throws(Corruption) {
        var cursor = PageCursor(try frames())
        guard try cursor.seekLast() else { return }
        let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
        try frame.checkRecords()
        try frame.checkPayloads()
        var hasher = LeafHasher(bootID: frame.bootID)
        try frame.checkLink(&hasher)
    }
}
