internal import Glibc

/// What ``LedgerWriter/archive(through:to:progress:)`` or a bringing back has done.
public struct ArchiveReport: Hashable, Sendable {
    /// How many segments were moved now.
    public var segments = 0
    /// Their events.
    public var events: UInt64 = 0
    /// Bytes that the log gave up, or took back.
    public var bytes: UInt64 = 0
    /// The last position that is archived now; `.zero` when none is.
    public var through = Position.zero

    public init() {}
}

/// Archiving: old segments move to files, and the log keeps what proves them.
extension LedgerWriter {
    /// Moves the segments that end at or before `limit` to the directory `path`, one file each,
    /// and takes their events out of the log. Frames' facts, posting lists and leaf hashes stay, so
    /// that the chain, the tree, every proof and `verify` go on as before; who reads an event that
    /// is not there is told where it is (`archived`).
    ///
    /// A file is written, flushed and read again in full before one transaction takes the pieces
    /// out. So a crash leaves a segment in the log or, with its file, archived. What is archived
    /// is covered by a checkpoint, and the file says so: `notCheckpointed` without one.
    public func archive(
        through limit: Position, to path: String, progress: ((Position) -> Void)? = nil
    ) throws(LedgerError) -> ArchiveReport {
        let store = try ArchiveDirectory(path, making: true)
        // A compaction would put back what leaves meanwhile.
        return try sealer.whileNothingIsSealed { () throws(LedgerError) in
            var report = ArchiveReport()
            var next = Position.first
            while let header = try reader.segmentHeader(at: next), header.last <= limit {
                if try reader.archive(of: header) == nil {
                    try archive(header, to: store, &report)
                    progress?(header.last)
                }
                report.through = header.last
                next = header.last.next
            }
            return report
        }
    }

    private func archive(
        _ header: SegmentHeader, to store: ArchiveDirectory, _ report: inout ArchiveReport
    ) throws(LedgerError) {
        let file = try reader.archiveFile(of: header)
        let name = SegmentFile.name(header)
        try store.write(file, as: name)
        try store.check(name, against: header, of: reader.ledger)
        let pieces = try reader.withSnapshot(header.first) { snapshot throws(Corruption) in
            try snapshot.checkWritePath()
            return try snapshot.archivedPieces(header)
        }
        let marker = store.marker
        try jobs.performAndWait(byteCount: LedgerLimits.sealingStepBytes) {
            transaction throws(DatabaseError) in
            let segments = try transaction.open(LedgerFormat.segmentsName)
            let key = SegmentLayout.key(header.first, piece: SegmentLayout.archivePiece)
            try transaction.put(key, marker, in: segments)
            for piece in pieces {
                let key = SegmentLayout.key(header.first, piece: piece.number)
                try transaction.delete(key, from: segments)
            }
        }
        report.segments += 1
        report.events += UInt64(header.count)
        report.bytes += pieces.reduce(0) { $0 + UInt64($1.byteCount) }
    }

    /// Brings back what is archived: the segments whose files are in the directory `path`, by
    /// default where each was archived to. The files stay.
    public func bringBack(
        from path: String? = nil, progress: ((Position) -> Void)? = nil
    ) throws(LedgerError) -> ArchiveReport {
        try sealer.whileNothingIsSealed { () throws(LedgerError) in
            var report = ArchiveReport()
            var next = Position.first
            while let header = try reader.segmentHeader(at: next) {
                next = header.last.next
                guard let archive = try reader.archive(of: header) else { continue }
                let store = try ArchiveDirectory(path ?? archive, making: false)
                guard let file = try store.read(SegmentFile.name(header)) else {
                    if path == nil { throw .archived(header, in: archive) }
                    report.through = header.last
                    continue
                }
                try bringBack(header, file, from: store, &report)
                progress?(header.last)
            }
            return report
        }
    }

    private func bringBack(
        _ header: SegmentHeader, _ file: [UInt8], from store: ArchiveDirectory,
        _ report: inout ArchiveReport
    ) throws(LedgerError) {
        let name = SegmentFile.name(header)
        try store.check(name, against: header, of: reader.ledger)
        let missing = try reader.withSnapshot(header.first) { snapshot throws(Corruption) in
            try snapshot.checkWritePath()
            return try snapshot.archivedPieces(header).map(\.number)
        }
        let pieces = try store.pieces(missing, of: file, name)
        let byteCount = pieces.reduce(0) { $0 + $1.bytes.count }
        try jobs.performAndWait(byteCount: byteCount) { transaction throws(DatabaseError) in
            let segments = try transaction.open(LedgerFormat.segmentsName)
            for piece in pieces {
                let key = SegmentLayout.key(header.first, piece: piece.number)
                try transaction.put(key, piece.bytes, in: segments)
            }
            let key = SegmentLayout.key(header.first, piece: SegmentLayout.archivePiece)
            try transaction.delete(key, from: segments)
        }
        report.segments += 1
        report.events += UInt64(header.count)
        report.bytes += UInt64(byteCount)
    }
}
