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
        let start = max(from, .first)
        let end = min(try head().position, through ?? Position(rawValue: .max))
        guard start <= end else { return }
        let stretches = try withSnapshot(start) { snapshot throws(Corruption) in
            Stretch.all(snapshot, from: start).filter { $0.first <= end }
        }
        let rooms = ReplayRooms()
        var link: Link?
        try StretchCrew.walk(stretches) { stretch throws(LedgerError) in
            let part = rooms.take()
            try part.fill(EventScan(stretch.query(kinds), end: end), self)
            return part
        } _: { result in
            let part = try result.get()
            if let link, let opening = part.scan.openingLink, link != opening {
                throw LedgerError.corrupt(part.first, .previousLink, in: directory.path)
            }
            while try part.forEach(body) == .next {
                guard part.isWhole else {
                    // Too large to be copied at once: the rest comes now that it is its turn.
                    try part.fill(part.scan, self)
                    continue
                }
                link = part.scan.link
                rooms.give(part)
                return .next
            }
            return .stop
        }
    }
}

extension Stretch {
    /// The stretch's events of those kinds.
    func query(_ kinds: Set<EventKind>?) -> EventQuery {
        EventQuery(from: first, through: end?.previous, kinds: kinds)
    }
}
