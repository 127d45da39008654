/// What archiving looks at.
extension LedgerReader {
    /// The live segment that begins at `first`, or `nil`.
    func segmentHeader(at first: Position) throws(LedgerError) -> SegmentHeader? {
        try withSnapshot(first) { snapshot throws(Corruption) in
            guard let header = try snapshot.segmentHeader(atOrBefore: first) else { return nil }
            return header.first == first ? header : nil
        }
    }

    /// Where the events of a segment went; `nil` when they are here.
    func archive(of header: SegmentHeader) throws(LedgerError) -> String? {
        try withSnapshot(header.first) { snapshot throws(Corruption) in
            try snapshot.segment(holding: header.first)?.archive
        }
    }

    /// The file that holds a segment, with what leads to the newest checkpoint.
    func archiveFile(of header: SegmentHeader) throws(LedgerError) -> [UInt8] {
        let file = try withSnapshot(header.first) { snapshot throws(Corruption) -> [UInt8]? in
            guard let head = try snapshot.newestCheckpoint(of: lineage),
                header.last <= head.checkpoint.position
            else { return nil }
            let evidence = try ArchiveEvidence(
                snapshot, leaves: header.first.rawValue - 1..<header.last.rawValue, head: head)
            return SegmentFile.encode(
                try snapshot.storedSegment(header), of: ledger, evidence: evidence.encoded)
        }
        guard let file else { throw .notCheckpointed(header.last, in: directory.path) }
        return file
    }
}

extension Snapshot {
    /// The pieces that an archived segment leaves out: those with nothing but columns and
    /// payloads. Of those that are out already the number of bytes is 0.
    func archivedPieces(
        _ header: SegmentHeader
    ) throws(Corruption) -> [(number: UInt32, byteCount: Int)] {
        guard let tree = try database(LedgerFormat.segmentsName),
            let segment = try segment(holding: header.first)
        else { throw .segment(.header) }
        var kept: Set<Int> = []
        for entry in segment.entries where !entry.section.isArchived { kept.insert(entry.piece) }
        let leaving = Set(segment.entries.map(\.piece)).subtracting(kept).sorted()
        var pieces: [(number: UInt32, byteCount: Int)] = []
        for piece in leaving {
            let number = UInt32(header.directoryPieces + 1 + piece)
            let byteCount = try tree.piece(number, of: header.first)?.byteCount ?? 0
            pieces.append((number, byteCount))
        }
        return pieces
    }
}
