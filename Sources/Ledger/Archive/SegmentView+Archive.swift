/// Reading on where a segment's events were moved to a file.
extension SegmentView {
    /// Calls `body` with this segment or, where its events are archived, with what the archive's
    /// file holds of it. Throws `archived`, which says where they are, when that file cannot be
    /// read.
    func withEvents<Value>(
        _ body: (SegmentView) throws(Corruption) -> Value
    ) throws(Corruption) -> Value {
        guard let archive else { return try body(self) }
        guard let value = try withArchive(body) else {
            throw .archived(first: header.first, last: header.last, directory: archive)
        }
        return value
    }

    /// Calls `body` with what the archive's file holds of this segment; `nil` when nothing was
    /// archived, or the file cannot be read.
    func withArchive<Value>(
        _ body: (SegmentView) throws(Corruption) -> Value
    ) throws(Corruption) -> Value? {
        guard let archive, let bytes = try? SmallFile.read("\(archive)/\(SegmentFile.name(header))")
        else { return nil }
        // UInt8 has no padding whose bytes could be uninitialised.
        let segment = unsafe try SegmentFile(bytes.span.bytes).open()
        // It names the segment's links and content.
        guard segment.header == header else { throw .segment(.file) }
        return try body(segment)
    }
}
