/// What ``LedgerReader/restore(to:through:progress:)`` has made.
public struct RestoreReport: Hashable, Sendable {
    /// Where the restored ledger ends: with the last commit that ends at or before the position
    /// that was asked for.
    public let head: LedgerHead
    public let lineage: Lineage
    public let copied: CopyTotals
}

extension LedgerReader {
    /// Makes a ledger in the directory `path`, which must be missing, empty, or the beginning of
    /// this very restoring that was cut short. It holds what this one, a backup or a ledger in
    /// use, had recorded up to `limit`, and may be appended to.
    ///
    /// A frame is one commit, and is never cut: its batches became durable together. The chain,
    /// the tree, revisions and what is remembered of producers are what they were then; of the
    /// checkpoints those up to the end are taken. The secret key stays behind, and the new ledger
    /// has a name of its own for what it signs: see ``Lineage``.
    public func restore(
        to path: String, through limit: Position = Position(rawValue: .max),
        progress: ((CopyProgress) -> Void)? = nil
    ) throws(LedgerError) -> RestoreReport {
        let metadata = try metadata()
        if metadata.role == .unfinished { throw .notLive(directory.path, metadata.role) }
        let copyDirectory = try CopyDirectory(
            path, for: metadata.with(.unfinished, metadata.descents),
            mapBytes: try mapBytes())
        let end = min(limit, try durableHead().position)
        try copyDirectory.takeKeys(from: self)
        var copy = LogCopy(self, to: copyDirectory.reader, through: end)
        let head = try copy.run { progress?(CopyProgress(position: $0, through: end)) }
        let descents = metadata.descents + [Descent.fresh(behind: head)]
        try copyDirectory.finish(head, from: self, as: .live, descents)
        return RestoreReport(
            head: head, lineage: Lineage(ledger: ledger, descents: descents), copied: copy.totals)
    }

    /// Where the ledger ended at `instant`, in nanoseconds since 1970-01-01 00:00 UTC: before the
    /// first commit that has a later event. Clocks may have been set: then a later commit may
    /// have events with earlier times.
    public func position(at instant: Int64) throws(LedgerError) -> Position {
        let end = try head().position
        var next = Position.first
        while next <= end {
            let found = try withSnapshot(next) { snapshot throws(Corruption) in
                try snapshot.stretch(from: next, until: instant)
            }
            if found.isEnd { return found.last }
            next = found.last.next
        }
        return end
    }
}

extension Snapshot {
    /// From the commit that begins at `next`: how far commits go on that have no event later than
    /// `instant`, as far as one look goes; and whether the next one has.
    fileprivate func stretch(
        from next: Position, until instant: Int64
    ) throws(Corruption) -> (last: Position, isEnd: Bool) {
        if let segment = try segment(holding: next) {
            return try segment.withEvents { segment throws(Corruption) in
                try segment.stretch(until: instant)
            }
        }
        var cursor = PageCursor(try frames())
        let key = FrameLayout.key(next)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else {
            throw .gap(expected: next)
        }
        var last = Position(rawValue: next.rawValue - 1)
        for _ in 0..<LedgerLimits.chunkFramesMax {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            guard frame.first == last.next else { throw .gap(expected: last.next) }
            try frame.checkRecords()
            if (0..<frame.count).contains(where: { frame.header($0).wallTime > instant }) {
                return (last, true)
            }
            last = frame.last
            guard try cursor.advance() else { break }
        }
        return (last, false)
    }
}

extension SegmentView {
    fileprivate func stretch(
        until instant: Int64
    ) throws(Corruption) -> (last: Position, isEnd: Bool) {
        if header.wallTimes.upperBound <= instant { return (header.last, false) }
        var decoder = try SegmentDecoder(self)
        var index = 0
        for facts in decoder.frames {
            for place in index..<index + facts.count
            where try decoder.row(place, in: self).wallTime > instant {
                return (Position(rawValue: header.first.rawValue + UInt64(index) - 1), true)
            }
            index += facts.count
        }
        throw .segment(.columns)
    }
}
