/// Where a segment's pieces lie: in the log, or in an archive's file.
enum SegmentPieces: ~Escapable {
    case log(PageTree)
    case file(SegmentFile)

    /// A piece of the segment that begins at `first`, or `nil`.
    @_lifetime(copy self)
    func piece(_ number: UInt32, of first: Position) throws(Corruption) -> RawSpan? {
        switch self {
        case .log(let tree): try tree.piece(number, of: first)
        case .file(let file): file.piece(number)
        }
    }

    /// Where the pieces went that are not here; `nil` when none was taken away.
    func archive(of first: Position) throws(Corruption) -> String? {
        guard case .log(let tree) = self,
            let value = try tree.piece(SegmentLayout.archivePiece, of: first)
        else { return nil }
        let end = value.byteCount - FrameLayout.checksumBytes
        guard end >= 0, XXH64.hash(value.extracting(first: end)) == value.word(at: end),
            let path = String(validating: value.extracting(first: end).array, as: UTF8.self)
        else { throw .segment(.piece(SegmentLayout.archivePiece)) }
        return path
    }
}
