/// The last position of every stream, on the committer's thread: a bounded map of those that
/// events went to lately, and the log itself for the others.
///
/// Nothing is kept before the first append that expects something of a stream.
struct StreamRevisions {
    private var newer: [StreamID: Position] = [:]
    private var older: [StreamID: Position] = [:]
    /// Every event from here on is in one of the maps; `nil` while nothing is kept.
    private var newerFrom: Position?
    private var olderFrom = Position.zero

    var isKept: Bool { newerFrom != nil }

    /// Begins with the streams of the last frames.
    mutating func begin(_ snapshot: Snapshot) throws(Corruption) {
        guard newerFrom == nil else { return }
        var streams: [StreamID: Position] = [:]
        var from: Position?
        try snapshot.walkFramesBackwards { frame throws(Corruption) in
            for index in (0..<frame.count).reversed() where streams[frame.stream(index)] == nil {
                streams[frame.stream(index)] = frame.position(index)
            }
            from = frame.first
            return streams.count < LedgerLimits.recentStreamsMax ? .next : .stop
        }
        newer = streams
        // Without a frame, everything is sealed.
        let sealed = try snapshot.sealedThrough()
        newerFrom = from ?? sealed.next
        olderFrom = newerFrom ?? .first
    }

    /// The position of the stream's last event, `.zero` without one.
    func revision(
        of stream: StreamID, _ snapshot: Snapshot
    ) throws(Corruption) -> Position {
        if let position = newer[stream] ?? older[stream] { return position }
        return try snapshot.lastPosition(of: stream, before: olderFrom)
    }

    /// Takes in a batch whose first event is at `first`.
    mutating func note(_ batch: EventBatch, first: Position) {
        guard newerFrom != nil else { return }
        if newer.count >= LedgerLimits.recentStreamsMax {
            older = newer
            olderFrom = newerFrom ?? first
            newer = [:]
            newerFrom = first
        }
        var position = first
        for entry in batch.entries {
            newer[entry.header.stream] = position
            position = position.next
        }
    }
}

extension Snapshot {
    /// The last event of `stream` before `position`; `.zero` when there is none.
    fileprivate func lastPosition(
        of stream: StreamID, before position: Position
    ) throws(Corruption) -> Position {
        var found = Position.zero
        try walkFramesBackwards(before: position) { frame throws(Corruption) in
            guard let index = (0..<frame.count).last(where: { frame.stream($0) == stream }) else {
                return .next
            }
            found = frame.position(index)
            return .stop
        }
        return found == .zero ? try lastSealed(of: stream, before: position) : found
    }

    /// The last sealed event of `stream` before `position`; `.zero` when there is none.
    private func lastSealed(
        of stream: StreamID, before position: Position
    ) throws(Corruption) -> Position {
        guard let segments = try database(LedgerFormat.segmentsName) else { return .zero }
        var end = position
        while end > .first,
            let head = try segments.segment(atOrBefore: end.previous)
        {
            let base = head.header.first.rawValue
            if try head.mayHold(StreamFilter.Probe(stream.rawValue)),
                let index = try head.open().indices(ofStreams: [stream.rawValue]).last(where: {
                    base + UInt64($0) < end.rawValue
                })
            {
                return Position(rawValue: base + UInt64(index))
            }
            end = head.header.first
        }
        return .zero
    }

    /// Visits the frames that begin before `end`, the last one first; their records are checked.
    fileprivate func walkFramesBackwards(
        before end: Position = Position(rawValue: .max),
        _ visit: (FrameView) throws(Corruption) -> ReadStep
    ) throws(Corruption) {
        var cursor = PageCursor(try frames())
        var end = end
        while end > .first {
            let key = FrameLayout.key(Position(rawValue: end.rawValue - 1))
            // UInt8 has no padding whose bytes could be uninitialised.
            guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else { return }
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            try frame.checkRecords()
            end = frame.first
            if try visit(frame) == .stop { return }
        }
    }
}

extension FrameView {
    fileprivate func position(_ index: Int) -> Position {
        Position(rawValue: first.rawValue + UInt64(index))
    }
}
