/// Piece 0 of a segment: it makes the segment live, and tells whether it is worth opening.
struct SegmentHead: ~Escapable {
    let header: SegmentHeader
    /// Where the other pieces are.
    let tree: PageTree
    private let bytes: RawSpan

    /// `bytes` are, or will be, piece 0 of the segment of `tree` that begins at `first`.
    @_lifetime(copy tree, copy bytes)
    init(_ tree: PageTree, first: Position, _ bytes: RawSpan) throws(Corruption) {
        header = try SegmentHeader(bytes, first: first)
        self.tree = tree
        self.bytes = bytes
    }

    /// The stream filter's lines.
    @_lifetime(copy self)
    func filter() -> RawSpan {
        bytes.extracting(droppingFirst: SegmentLayout.headerBytes)
    }

    /// False when no event of the segment is of `stream`; reads one line of the filter.
    func mayHold(_ stream: StreamID) throws(Corruption) -> Bool {
        try StreamFilter.mayContain(stream.rawValue, filter())
    }

    /// Reads the directory.
    @_lifetime(copy self)
    func open() throws(Corruption) -> SegmentView {
        try SegmentView(self)
    }
}
