extension LedgerReader {
    /// Calls `body` with every event from `from` on, in order, up to `through` or, without it, to
    /// the head at the time of the call: what ``read(_:_:)`` does, for long stretches
    /// and on all processors.
    ///
    /// Segments and frames are read, checked and copied ahead by threads of their own; `body` runs
    /// on the calling thread. The log is pinned by none of them for longer than a segment takes to
    /// decode, however slow `body` is. What is copied ahead is bounded: a few segments' payloads of
    /// ``LedgerLimits/segmentPayloadBytesMax`` at most for each processor.
    ///
    /// - Parameters:
    ///   - kinds: only events of these kinds; the payloads of others are not decompressed.
    ///     `nil` for all.
    ///
    /// Throws what `body` throws, and ``LedgerError``. Do not wait for an append inside `body`.
    public func replay(
        _ kinds: Set<EventKind>? = nil, from: Position = .first, through: Position? = nil,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {
        try replayStretches(kinds, from: from, through: through) { try $0.forEach(body) }
    }

    /// The same, with many events at a time: `body` may hand them on to other threads. Who keeps
    /// them keeps their memory.
    public func replayStretches(
        _ kinds: Set<EventKind>? = nil, from: Position = .first, through: Position? = nil,
        _ body: (EventStretch) throws -> ReadStep
    ) throws {
        let start = max(from, .first)
        let end = min(try head().position, through ?? Position(rawValue: .max))
        guard start <= end else { return }
        let stretches = try withSnapshot(start) { snapshot throws(Corruption) in
            Stretch.all(snapshot, from: start).filter { $0.first <= end }
        }
        let rooms = StretchRooms()
        var link: Link?
        try StretchCrew.walk(stretches) { stretch throws(LedgerError) in
            try CopiedStretch(EventScan(stretch.query(kinds), end: end), self, rooms)
        } _: { result in
            var part = try result.get()
            if let link, let opening = part.scan.openingLink, link != opening {
                throw LedgerError.corrupt(part.first, .previousLink, in: directory.path)
            }
            while try body(part.events) == .next {
                guard part.isWhole else {
                    // Too large to be copied at once: the rest comes now that it is its turn.
                    part = try CopiedStretch(part.scan, self, rooms)
                    continue
                }
                link = part.scan.link
                return .next
            }
            return .stop
        }
    }
}

/// What was copied of a stretch at once.
private struct CopiedStretch {
    /// Where the copying began.
    let first: Position
    /// Where it ended.
    let scan: EventScan
    /// Whether `scan` is at its end; else the payloads would have got too large.
    let isWhole: Bool
    let events: EventStretch

    /// Copies what `scan` visits.
    init(
        _ scan: EventScan, _ reader: LedgerReader, _ rooms: StretchRooms
    ) throws(LedgerError) {
        first = scan.next
        var scan = scan
        var events = rooms.take()
        var progress = EventScan.Progress.more
        while progress == .more, events.payloadBytes < LedgerLimits.stretchBytesMax {
            progress = try reader.withSnapshot(scan.next) { snapshot throws(Corruption) in
                try scan.copyChunk(snapshot, to: &events)
            }
        }
        self.scan = scan
        isWhole = progress != .more
        self.events = EventStretch(events, rooms)
    }
}

extension Stretch {
    /// The stretch's events of those kinds.
    func query(_ kinds: Set<EventKind>?) -> EventQuery {
        EventQuery(from: first, through: end?.previous, kinds: kinds)
    }
}
