internal import CLMDB
internal import Glibc

/// What ``LedgerCompaction`` has done.
public struct CompactionReport: Hashable, Sendable {
    public let head: LedgerHead
    /// Bytes of the log's data file, before and after.
    public let bytesBefore: UInt64
    public let bytesAfter: UInt64
}

/// Gives the log's free pages back to the file system: a new data file takes the place of the old
/// one, with the same ledger in it and nothing else.
///
///     copy to log.compact/ --> read it again, all of it --> exchange the names --> remove the old
///
/// The names are exchanged in one step (renameat2(2), RENAME_EXCHANGE), after the new file was
/// flushed and verified. So at every moment `log` is a whole ledger, the same one, and what
/// `log.compact` holds may be removed.
public enum LedgerCompaction {
    /// Compacts the ledger in the directory `path`, which nobody may be writing. Readers that have
    /// it open go on reading the old file, and see nothing new in it: they should open it again.
    public static func compact(
        _ path: String, progress: ((CopyProgress) -> Void)? = nil
    ) throws(LedgerError) -> CompactionReport {
        let directory = LedgerDirectory(path: path)
        try directory.checkForReading()
        let writer = try LedgerWriter.open(path, options: LedgerOptions(mapBytes: 0))
        defer { writer.close() }
        let before = try DataFile.byteCount(directory.log)
        NewEnvironment.clear(directory.compactedLog)
        do throws(LedgerError) {
            try copy(writer, to: directory, progress)
            let after = try DataFile.byteCount(directory.compactedLog)
            try exchange(directory)
            return CompactionReport(head: writer.head, bytesBefore: before, bytesAfter: after)
        } catch {
            // A copy that was begun, or the old log: either is of no more use.
            NewEnvironment.clear(directory.compactedLog)
            throw error
        }
    }

    private static func copy(
        _ writer: LedgerWriter, to directory: LedgerDirectory,
        _ progress: ((CopyProgress) -> Void)?
    ) throws(LedgerError) {
        let source = writer.reader
        let metadata = try source.metadata()
        try NewEnvironment.create(directory.compactedLog, mapBytes: try source.mapBytes()) {
            transaction throws(DatabaseError) in
            try metadata.store(in: transaction)
        }
        let lease = try EnvironmentLease(
            directory.compactedLog, access: .readWrite, mapBytes: 0)
        let target = LedgerReader(directory, lease, metadata.lineage)
        let through = writer.head.position
        var copy = LogCopy(source, to: target, through: through)
        let head = try copy.run { progress?(CopyProgress(position: $0, through: through)) }
        let report = try target.verify()
        if let fault = report.faults.first {
            throw .corrupt(fault.position, fault.cause, in: directory.compactedLog)
        }
        guard head == writer.head, report.head == head else {
            throw .corrupt(head.position, .differsFromHead, in: directory.compactedLog)
        }
    }

    private static func exchange(_ directory: LedgerDirectory) throws(LedgerError) {
        // Both paths live during the call.
        guard unsafe exchange_names(directory.compactedLog, directory.log) == 0 else {
            throw .system(errno, directory.log)
        }
        try LedgerDirectory.sync(directory.path)
        NewEnvironment.clear(directory.compactedLog)
    }
}
