/// The part of the log that is not sealed: frames in the order of their positions.
extension Snapshot {
    /// The tree of frames, which is made with the ledger.
    @_lifetime(copy self)
    func frames() throws(Corruption) -> PageTree {
        guard let frames = try database(LedgerFormat.framesName) else {
            throw .metadata(LedgerFormat.framesName)
        }
        return frames
    }

    /// The chain value and position of the last frame, or of the last segment where no frame
    /// follows; the origin's when nothing is recorded.
    func head(of ledger: LedgerID) throws(Corruption) -> LedgerHead {
        let empty = LedgerHead(ledger: ledger, position: .zero, link: .origin(of: ledger))
        var cursor = PageCursor(try frames())
        guard try cursor.seekLast() else {
            // A copy that was cut between two steps may end with a segment.
            guard let sealed = try segmentHeader(atOrBefore: Position(rawValue: .max)) else {
                return empty
            }
            return LedgerHead(ledger: ledger, position: sealed.last, link: sealed.link)
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
