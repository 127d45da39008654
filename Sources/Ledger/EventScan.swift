/// Reads what a query asks for, a chunk at a time: no snapshot is pinned for longer than a chunk.
///
///     frames of a chunk | segments that hold nothing wanted, then one that may
///
/// Every frame is measured, checksummed and held against its neighbour, and so is every segment's
/// header, also of those passed over: a reader never takes damaged or missing events for the truth.
struct EventScan {
    private let filter: EventFilter
    /// What earlier lookups by stream found out; `nil` where nothing is looked up.
    private let memory: StreamMemory?
    /// The frames that are being gone through, to be remembered when there are some.
    private var group: FrameGroup?
    private let direction: EventQuery.Direction
    /// What is still to be looked at; `nil` at the end.
    private var rest: ClosedRange<Position>?
    /// The chain value between `next` and what was read before it, once something was.
    private(set) var link: Link?
    /// The chain value before the first frame or segment that was read, when it was read forwards
    /// from its first event.
    private(set) var openingLink: Link?

    enum Progress: Hashable {
        /// The chunk is full; there may be more.
        case more
        /// Nothing after `next` is recorded yet.
        case caughtUp
        /// The last position wanted was reached, or the visitor stopped.
        case finished
    }

    /// `end` is the highest position to look at, whatever the query says.
    init(_ query: EventQuery, end: Position, _ memory: StreamMemory? = nil) {
        filter = EventFilter(query)
        self.memory = filter.isByStream ? memory : nil
        direction = query.direction
        let from = max(query.from, .first)
        let through = min(query.through ?? end, end)
        rest = from <= through ? from...through : nil
    }

    /// The next position to look at.
    var next: Position {
        guard let rest else { return .zero }
        return direction == .forwards ? rest.lowerBound : rest.upperBound
    }

    /// Copies at most a chunk of `snapshot` behind `events`.
    mutating func copyChunk(
        _ snapshot: Snapshot, to events: inout CopiedEvents
    ) throws(Corruption) -> Progress {
        try readChunk(
            snapshot,
            whole: { segment throws(Corruption) in
                try events.append(allOf: segment)
                return true
            },
            { event in
                events.append(event)
                return .next
            })
    }

    /// Takes a segment whose events are all wanted, in their order, and says whether it did: if
    /// not, they are visited.
    typealias WholeVisit = (SegmentView) throws(Corruption) -> Bool

    /// Reads at most a chunk of `snapshot`.
    mutating func readChunk(
        _ snapshot: Snapshot, whole: WholeVisit = { _ in false },
        _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> Progress {
        try memory?.withSealed { parts throws(Corruption) in try passOver(parts) }
        if rest == nil { return .finished }
        var cursor = PageCursor(try snapshot.frames())
        if try seek(&cursor) {
            try memory?.withFrames { parts throws(Corruption) in try passOver(parts) }
            if rest == nil { return .finished }
            if try seek(&cursor) { return try readFrames(&cursor, visit) }
        }
        let isRecorded = try cursor.seekFirst()
        if isRecorded { memory?.forgetFrames(before: try cursor.frameFirst()) }
        if let segments = try snapshot.database(LedgerFormat.segmentsName),
            let progress = try readSegments(segments, whole, visit)
        {
            return progress
        }
        // Something recorded, and all of it after `next`: then `next` is lost.
        if isRecorded { throw .gap(expected: next) }
        return .caughtUp
    }
}

/// What earlier lookups have looked through.
extension EventScan {
    /// Passes over the parts from `next` on that surely hold nothing wanted.
    private mutating func passOver(
        _ remembered: borrowing StreamMemory.Parts
    ) throws(Corruption) {
        guard rest != nil, var index = remembered.index(holding: next) else { return }
        while remembered.parts.indices.contains(index), rest != nil {
            let place = remembered.parts[index].place
            guard (place.first...place.last).contains(next), remembered.isFree(index, of: filter)
            else { return }
            _ = try enter(place)
            leave(place)
            index += direction == .forwards ? 1 : -1
        }
    }

    /// Takes note of a frame that is gone through, and remembers those before it once there are
    /// enough: not the log's last one, which comes first when it is read backwards.
    private mutating func note(_ frame: FrameView) {
        guard let memory, direction == .forwards || link != nil else { return }
        if let group, group.isFull {
            memory.remember(group)
            self.group = nil
        }
        if group == nil { group = FrameGroup(frame) } else { group?.append(frame, direction) }
    }
}

/// The part of the log that is not sealed.
extension EventScan {
    /// To the last frame that begins at or before `next`; false when none does.
    private func seek(_ cursor: inout PageCursor) throws(Corruption) -> Bool {
        let key = FrameLayout.key(next)
        // UInt8 has no padding whose bytes could be uninitialised.
        return unsafe try cursor.seek(atOrBefore: key.span.bytes)
    }

    /// `cursor` is at the last frame that begins at or before `next`.
    private mutating func readFrames(
        _ cursor: inout PageCursor, _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> Progress {
        if direction == .forwards,
            try FrameView(cursor.value(), filedUnder: cursor.key()).last < next,
            try !cursor.advance()
        {
            return .caughtUp
        }
        var byteCount = 0
        for _ in 0..<LedgerLimits.chunkFramesMax where byteCount < LedgerLimits.chunkBytesMax {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            if try read(frame, visit) == .stop || rest == nil { return .finished }
            byteCount += frame.bytes.byteCount
            switch direction {
            case .forwards: if try !cursor.advance() { return .caughtUp }
            // Before the first frame lie the segments.
            case .backwards: if try !cursor.retreat() { return .more }
            }
        }
        return .more
    }

    private mutating func read(
        _ frame: FrameView, _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> ReadStep {
        let place = ChainedSpan(frame)
        try frame.checkRecords()
        note(frame)
        var isChecked = false
        for index in order(try enter(place)) where filter.admits(index, of: frame) {
            // Payloads of frames without a match are never touched.
            if !isChecked { try frame.checkPayloads() }
            isChecked = true
            if visit(try frame.event(index)) == .stop { return .stop }
        }
        leave(place)
        return .next
    }
}

/// The sealed part of the log.
extension EventScan {
    /// Passes over segments that hold nothing wanted, and reads one that may; `nil` when no
    /// segment holds `next`.
    private mutating func readSegments(
        _ segments: PageTree, _ whole: WholeVisit, _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> Progress? {
        for number in 0..<LedgerLimits.chunkSegmentsMax {
            guard let head = try head(in: segments) else { return number == 0 ? nil : .more }
            let place = ChainedSpan(head.header)
            let wanted = try enter(place)
            memory?.remember(segment: place, filter: head.filter())
            let mayMatch = try filter.mayMatch(head)
            if mayMatch, try read(wanted, of: head.open(), whole, visit) == .stop {
                return .finished
            }
            leave(place)
            if rest == nil { return .finished }
            if mayMatch { return .more }
        }
        return .more
    }

    /// Of the segment that holds `next`, or `nil`.
    @_lifetime(copy segments)
    private func head(in segments: PageTree) throws(Corruption) -> SegmentHead? {
        // On the way forwards, the next segment begins right where the last one ended.
        if direction == .forwards, let head = try segments.segment(first: next) { return head }
        return try segments.segment(holding: next)
    }

    private func read(
        _ wanted: ClosedRange<Int>, of segment: SegmentView, _ whole: WholeVisit,
        _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> ReadStep {
        guard let candidates = try filter.candidates(in: segment) else {
            let isWhole = direction == .forwards && wanted.count == segment.header.count
            if isWhole, !filter.mustLookAtTimes(of: segment.header),
                try segment.withEvents(whole)
            {
                return .next
            }
            return try read(order(wanted), of: segment, visit)
        }
        let first = candidates.firstIndex(atOrAbove: UInt16(wanted.lowerBound))
        let found = candidates[first...].prefix { Int($0) <= wanted.upperBound }.map(Int.init)
        // Of a segment without a match, nothing is decoded.
        if found.isEmpty { return .next }
        return try read(direction == .forwards ? found : found.reversed(), of: segment, visit)
    }

    private func read(
        _ indices: some Sequence<Int>, of segment: SegmentView,
        _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> ReadStep {
        try segment.withEvents { segment throws(Corruption) in
            try decode(indices, of: segment, visit)
        }
    }

    private func decode(
        _ indices: some Sequence<Int>, of segment: SegmentView,
        _ visit: (borrowing EventView) -> ReadStep
    ) throws(Corruption) -> ReadStep {
        var decoder = try SegmentDecoder(segment, onlyStream: filter.onlyStream)
        let isTimed = filter.mustLookAtTimes(of: segment.header)
        for index in indices {
            if isTimed {
                let row = try decoder.row(index, in: segment)
                guard filter.admits(wallTime: row.wallTime) else { continue }
            }
            if try decoder.visit(index, in: segment, visit) == .stop { return .stop }
        }
        return .next
    }
}

extension EventScan {
    /// The indices of `span` that are wanted. It must hold `next` and fit what was read before.
    private mutating func enter(_ span: ChainedSpan) throws(Corruption) -> ClosedRange<Int> {
        let next = next
        guard let rest, span.first <= next, next <= span.last else {
            throw .gap(expected: next)
        }
        if let link {
            switch direction {
            case .forwards where span.first == next && span.previousLink != link,
                .backwards where span.last == next && span.link != link:
                throw .previousLink
            default: break
            }
        } else if direction == .forwards, span.first == next {
            openingLink = span.previousLink
        }
        let wanted = rest.clamped(to: span.first...span.last)
        let base = span.first.rawValue
        return Int(wanted.lowerBound.rawValue - base)...Int(wanted.upperBound.rawValue - base)
    }

    /// All that is wanted of `span` was seen.
    private mutating func leave(_ span: ChainedSpan) {
        guard let rest else { return }
        switch direction {
        case .forwards:
            link = span.link
            self.rest = span.last < rest.upperBound ? span.last.next...rest.upperBound : nil
        case .backwards:
            link = span.previousLink
            self.rest = span.first > rest.lowerBound ? rest.lowerBound...span.first.previous : nil
        }
    }

    private func order(_ indices: ClosedRange<Int>) -> StrideThrough<Int> {
        switch direction {
        case .forwards: stride(from: indices.lowerBound, through: indices.upperBound, by: 1)
        case .backwards: stride(from: indices.upperBound, through: indices.lowerBound, by: -1)
        }
    }
}
