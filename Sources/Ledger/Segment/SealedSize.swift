/// What the segments of a ledger take, in bytes, by part.
public struct SealedSize: Hashable, Sendable {
    public var segments = 0
    public var events: UInt64 = 0
    /// Payloads as they were appended.
    public var payload: UInt64 = 0
    /// Payloads as they are stored: compressed.
    public var storedPayload: UInt64 = 0
    /// Hashes of the events, which proofs need.
    public var leaves: UInt64 = 0
    /// All else: headers, columns, posting lists, stream filters, directories.
    public var indexes: UInt64 = 0

    /// Adds a segment's.
    mutating func add(_ segment: SegmentView) throws(Corruption) {
        // Of an archived segment, the payloads are elsewhere.
        let stored = segment.archive == nil ? segment.byteCount(of: .payload) : 0
        let leaves = segment.byteCount(of: .leaves)
        segments += 1
        events += UInt64(segment.header.count)
        payload += UInt64(segment.header.payloadBytes)
        storedPayload += stored
        self.leaves += leaves
        indexes += try segment.byteCount() - stored - leaves
    }
}

extension SegmentView {
    /// Of the blocks of a section, as stored.
    fileprivate func byteCount(of section: SegmentSection) -> UInt64 {
        entries[range(of: section)].reduce(0) { $0 + UInt64($1.byteCount) }
    }
}

extension LedgerReader {
    /// Measures every segment; the log is pinned for one of them at a time.
    public func sealedSize() throws(LedgerError) -> SealedSize {
        var size = SealedSize()
        var next: Position? = .first
        while let start = next {
            next = try withSnapshot(start) { snapshot throws(Corruption) in
                guard let segment = try snapshot.segment(holding: start) else { return nil }
                try size.add(segment)
                return segment.header.last.next
            }
        }
        return size
    }
}
