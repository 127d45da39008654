/// The sealed part of the log: live segments that follow each other, and end where the frames
/// begin. The last frame of a log is never sealed; a copy of a log may end with a segment.
extension Snapshot {
    /// The live segment that holds `position`, or `nil`.
    @_lifetime(copy self)
    func segment(holding position: Position) throws(Corruption) -> SegmentView? {
        guard let tree = try database(LedgerFormat.segmentsName) else { return nil }
        return try tree.segment(holding: position)?.open()
    }

    /// The header of the last live segment that begins at or before `position`, or `nil`.
    func segmentHeader(
        atOrBefore position: Position
    ) throws(Corruption) -> SegmentHeader? {
        try database(LedgerFormat.segmentsName)?.segment(atOrBefore: position)?.header
    }

    /// The last position that is sealed, `.zero` when nothing is.
    func sealedThrough() throws(Corruption) -> Position {
        try segmentHeader(atOrBefore: Position(rawValue: .max))?.last ?? .zero
    }

    /// Where the next segment behind `position` begins, as far as that can be read.
    func segmentStart(after position: Position) -> Position? {
        do throws(Corruption) {
            guard let tree = try database(LedgerFormat.segmentsName) else { return nil }
            var cursor = PageCursor(tree)
            let key = SegmentLayout.key(position, piece: .max)
            // UInt8 has no padding whose bytes could be uninitialised.
            if unsafe try !cursor.seek(atOrBefore: key.span.bytes) {
                guard try cursor.seekFirst() else { return nil }
            }
            repeat {
                let first = try cursor.segmentFirst()
                if first > position { return first }
            } while try cursor.advance()
            return nil
        } catch {
            return nil
        }
    }

    /// How many frames were sealed.
    func sealedFrames() throws(Corruption) -> UInt64 {
        var frames: UInt64 = 0
        var before = Position(rawValue: .max)
        while let header = try segmentHeader(atOrBefore: before) {
            frames += UInt64(header.frameCount)
            before = Position(rawValue: header.first.rawValue - 1)
        }
        return frames
    }

    /// The position after all that is sealed: the first frame's number, where there is one.
    func sealedEnd() throws(Corruption) -> Position {
        var cursor = PageCursor(try frames())
        guard try cursor.seekFirst() else { return try sealedThrough().next }
        return try cursor.frameFirst()
    }

    /// The keys of pieces that a sealing left behind when it was cut short: those of a segment
    /// that has no piece 0.
    func unsealedPieces() throws(Corruption) -> [[UInt8]] {
        guard let tree = try database(LedgerFormat.segmentsName) else { return [] }
        var cursor = PageCursor(tree)
        guard try cursor.seekLast() else { return [] }
        let first = try cursor.segmentFirst()
        if try tree.piece(0, of: first) != nil { return [] }
        let start = SegmentLayout.key(first, piece: 0)
        var keys: [[UInt8]] = []
        // UInt8 has no padding whose bytes could be uninitialised.
        if unsafe try !cursor.seek(atOrBefore: start.span.bytes) {
            guard try cursor.seekFirst() else { return [] }
        }
        repeat {
            if try cursor.segmentFirst() == first { keys.append(try cursor.key().array) }
        } while try cursor.advance()
        return keys
    }
}

extension PageTree {
    /// The live segment that holds `position`, or `nil`.
    @_lifetime(copy self)
    func segment(holding position: Position) throws(Corruption) -> SegmentHead? {
        // Where one is read after the other, it begins right there.
        if let head = try segment(first: position) { return head }
        guard let head = try segment(atOrBefore: position), head.header.last >= position else {
            return nil
        }
        return head
    }

    /// The live segment that begins at `first`, or `nil`.
    @_lifetime(copy self)
    func segment(first: Position) throws(Corruption) -> SegmentHead? {
        guard let head = try piece(0, of: first) else { return nil }
        return try SegmentHead(.log(self), first: first, head)
    }

    /// The last live segment that begins at or before `position`, or `nil`.
    @_lifetime(copy self)
    func segment(atOrBefore position: Position) throws(Corruption) -> SegmentHead? {
        var cursor = PageCursor(self)
        var key = SegmentLayout.key(position, piece: .max)
        // UInt8 has no padding whose bytes could be uninitialised.
        while unsafe try cursor.seek(atOrBefore: key.span.bytes) {
            let first = try cursor.segmentFirst()
            if let head = try segment(first: first) { return head }
            if first == .zero { return nil }
            key = SegmentLayout.key(first.previous, piece: .max)
        }
        return nil
    }
}

extension PageCursor {
    /// The first position of the frame here.
    func frameFirst() throws(Corruption) -> Position {
        let key = try key()
        guard key.byteCount == 8 else { throw .page(leaf, .node) }
        return Position(rawValue: key.word(at: 0).byteSwapped)
    }

    /// The first position of the segment that the piece here belongs to.
    func segmentFirst() throws(Corruption) -> Position {
        let key = try key()
        guard key.byteCount == 12 else { throw .page(leaf, .node) }
        return Position(rawValue: key.word(at: 0).byteSwapped)
    }
}
