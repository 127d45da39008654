/// What piece 0 says of a segment; its checksum was checked.
struct SegmentHeader: Hashable {
    let first: Position
    let count: Int
    let frameCount: Int
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    let wallTimes: ClosedRange<Int64>
    let previousLink: Link
    let link: Link
    /// Pieces after piece 0.
    let pieceCount: Int
    let entryCount: Int
    let directoryChecksum: UInt64
    let filterLines: Int
    let payloadBytes: Int
    let contentHash: Link

    var last: Position { Position(rawValue: first.rawValue + UInt64(count) - 1) }
    var directoryPieces: Int {
        (entryCount + SegmentLayout.entriesPerPiece - 1) / SegmentLayout.entriesPerPiece
    }

    /// `piece` is piece 0, filed under `first`.
    init(_ piece: RawSpan, first: Position) throws(Corruption) {
        typealias Header = SegmentLayout.Header
        guard piece.byteCount >= SegmentLayout.headerBytes,
            piece.half(at: Header.magic) == SegmentLayout.magic,
            piece.quarter(at: Header.version) == SegmentLayout.version,
            piece.quarter(at: Header.headerBytes) == SegmentLayout.headerBytes,
            XXH64.hash(piece.extracting(first: Header.checksum))
                == piece.word(at: Header.checksum),
            piece.word(at: Header.first) == first.rawValue
        else { throw .segment(.header) }
        self.first = first
        count = Int(piece.half(at: Header.count))
        frameCount = Int(piece.half(at: Header.frameCount))
        let earliest = Int64(bitPattern: piece.word(at: Header.minWallTime))
        let latest = Int64(bitPattern: piece.word(at: Header.maxWallTime))
        pieceCount = Int(piece.half(at: Header.pieces))
        entryCount = Int(piece.half(at: Header.entries))
        filterLines = Int(piece.half(at: Header.filterLines))
        guard (1...LedgerLimits.segmentEventsMax).contains(count), earliest <= latest,
            (1...count).contains(frameCount), first > .zero,
            first.rawValue <= UInt64.max - UInt64(count),
            pieceCount <= Int(UInt16.max), entryCount <= Int(UInt16.max),
            (1...StreamFilter.linesMax).contains(filterLines),
            piece.byteCount
                == SegmentLayout.headerBytes + filterLines * StreamFilter.lineBytes
        else { throw .segment(.header) }
        wallTimes = earliest...latest
        previousLink = Link(piece.extracting(droppingFirst: Header.previousLink))
        link = Link(piece.extracting(droppingFirst: Header.link))
        directoryChecksum = piece.word(at: Header.directoryChecksum)
        payloadBytes = Int(piece.half(at: Header.payloadBytes))
        contentHash = Link(piece.extracting(droppingFirst: Header.contentHash))
    }
}
