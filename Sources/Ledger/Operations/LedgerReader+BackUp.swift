/// What ``LedgerReader/backUp(to:progress:)`` has done.
public struct BackupReport: Hashable, Sendable {
    /// How far the backup goes.
    public let head: LedgerHead
    /// What was not there from the backup before.
    public let copied: CopyTotals
}

/// A copy of a ledger under way.
public struct CopyProgress: Hashable, Sendable {
    /// The last position copied.
    public let position: Position
    /// The last position wanted.
    public let through: Position
}

extension LedgerReader {
    /// Brings the backup in the directory `path` up to this ledger's head as it is now; makes the
    /// directory when it is missing. The ledger may be written meanwhile, by any process: no
    /// snapshot is pinned for longer than a step.
    ///
    /// Segments and frames that are there already are not copied again. What is copied is checked
    /// down to the chain, and durable when this returns. A backup that was cut short, by a crash
    /// or an error, holds less than it should and nothing wrong; the next one goes on with it.
    public func backUp(
        to path: String, progress: ((CopyProgress) -> Void)? = nil
    ) throws(LedgerError) -> BackupReport {
        let metadata = try metadata()
        if metadata.role == .unfinished { throw .notLive(directory.path, metadata.role) }
        let copyDirectory = try CopyDirectory(
            path, for: metadata.with(.backup, metadata.descents), mapBytes: try mapBytes())
        let limit = try durableHead().position
        try copyDirectory.takeKeys(from: self)
        var copy = LogCopy(self, to: copyDirectory.reader, through: limit)
        let head = try copy.run { progress?(CopyProgress(position: $0, through: limit)) }
        try copyDirectory.finish(head, from: self, as: .backup, metadata.descents)
        let manifest = BackupManifest(
            head: head, made: wallNanoseconds(),
            segments: try copyDirectory.reader.manifestSegments())
        try SmallFile.replace(
            LedgerDirectory(path: path).manifest, with: manifest.encoded, mode: 0o600)
        return BackupReport(head: head, copied: copy.totals)
    }

    /// The manifest of the backup that this reader reads; `nil` for a ledger that is no backup,
    /// or whose first backup was cut short.
    public func backupManifest() throws(LedgerError) -> BackupManifest? {
        let path = directory.manifest
        guard let bytes = try SmallFile.read(path, limit: LedgerLimits.manifestBytesMax) else {
            return nil
        }
        guard let manifest = BackupManifest(parsing: bytes) else {
            throw .corrupt(.zero, .metadata(LedgerFormat.manifestFile), in: path)
        }
        return manifest
    }

    /// The address space that the ledger was made for.
    func mapBytes() throws(LedgerError) -> Int {
        try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            Int(clamping: snapshot.meta.mapBytes)
        }
    }

    /// Whether this is a backup that goes beyond its manifest, or has none: it was cut short.
    public func isUnfinishedBackup() throws(LedgerError) -> Bool {
        guard try metadata().role == .backup else { return false }
        return try backupManifest()?.head != head()
    }

    /// The head, once it is durable: after a kill, the last frame may be in the page cache only,
    /// and a copy must not outlive its original.
    func durableHead() throws(LedgerError) -> LedgerHead {
        let head = try head()
        try DataFile.flush(directory.log)
        return head
    }

    func metadata() throws(LedgerError) -> LedgerMetadata {
        let found = try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            try LedgerMetadata.load(snapshot, directory.path)
        }
        guard let found else { throw .notFound(directory.path) }
        return found
    }

    private func manifestSegments() throws(LedgerError) -> [BackupManifest.Segment] {
        try withSnapshot(.zero) { snapshot throws(Corruption) in
            var segments: [BackupManifest.Segment] = []
            var before = Position(rawValue: .max)
            while let header = try snapshot.segmentHeader(atOrBefore: before) {
                segments.append(
                    BackupManifest.Segment(
                        first: header.first, last: header.last, hash: header.contentHash))
                before = Position(rawValue: header.first.rawValue - 1)
            }
            return segments.reversed()
        }
    }
}
