/// A stretch of the log, by the first positions of its frames: what one thread works on.
struct Stretch: Hashable, Sendable {
    var first: Position
    /// The first position that belongs to the next stretch; `nil` for the end of the log.
    var end: Position?

    func contains(_ key: UInt64) -> Bool { end.map { key < $0.rawValue } ?? true }
}

extension Stretch {
    /// The log from `first` on, cut into stretches that several threads can walk. Where a damaged
    /// page is in the way, the rest is one stretch: walking it names the damage.
    static func all(_ snapshot: Snapshot, from first: Position) -> [Stretch] {
        var stretches: [Stretch] = []
        var start = first
        while let next = try? boundary(snapshot, after: start) {
            stretches.append(Stretch(first: start, end: next))
            start = next
        }
        return stretches + [Stretch(first: start, end: nil)]
    }

    /// The first position of a frame about a stretch's length behind `start`; `nil` when the log
    /// ends before that.
    private static func boundary(
        _ snapshot: Snapshot, after start: Position
    ) throws(Corruption) -> Position? {
        if let sealed = try snapshot.segmentHeader(atOrBefore: start), sealed.last >= start {
            return sealed.last.next
        }
        var cursor = PageCursor(try snapshot.frames())
        let target = start.rawValue.addingReportingOverflow(LedgerLimits.stretchEvents)
        guard !target.overflow, try cursor.seekLast(),
            try cursor.frameNumber() > target.partialValue
        else { return nil }
        let key = FrameLayout.key(Position(rawValue: target.partialValue))
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else { return nil }
        repeat {
            let found = try cursor.frameNumber()
            if found > start.rawValue { return Position(rawValue: found) }
        } while try cursor.advance()
        return nil
    }
}

extension PageCursor {
    /// The number that a frame is filed under.
    fileprivate func frameNumber() throws(Corruption) -> UInt64 {
        let key = try key()
        guard key.byteCount == 8 else { throw .page(leaf, .node) }
        return key.word(at: 0).byteSwapped
    }
}
