/// Piece 0 of a segment: it makes the segment live, and tells whether it is worth opening.
struct SegmentHead: ~Escapable {
    let header: SegmentHeader
    /// Where the other pieces are.
    let pieces: SegmentPieces
    private let bytes: RawSpan

    /// `bytes` are, or will be, piece 0 of the segment that begins at `first`.
    @_lifetime(copy pieces, copy bytes)
    init(_ pieces: SegmentPieces, first: Position, _ bytes: RawSpan) throws(Corruption) {
        header = try SegmentHeader(bytes, first: first)
        self.pieces = pieces
        self.bytes = bytes
    }

    /// The stream filter's lines.
    @_lifetime(copy self)
    func filter() -> RawSpan {
        bytes.extracting(droppingFirst: SegmentLayout.headerBytes)
    }

    /// False when no event of the segment is of `stream`; reads one line of the filter.
    func mayHold(_ stream: StreamFilter.Probe) throws(Corruption) -> Bool {
        try StreamFilter.mayContain(stream, filter())
    }

    /// Reads the directory.
    @_lifetime(copy self)
    func open() throws(Corruption) -> SegmentView {
        try SegmentView(self)
    }
}
