internal import CLMDB
internal import Glibc

/// What ``LedgerCompaction`` has done.
public struct CompactionReport: Hashable, Sendable {
    public let head: LedgerHead
    /// Bytes of the log's data file, before and after.
    public let bytesBefore: UInt64
    public let bytesAfter: UInt64

    public init(head: LedgerHead, bytesBefore: UInt64, bytesAfter: UInt64) {
        self.head = head
        self.bytesBefore = bytesBefore
        self.bytesAfter = bytesAfter
    }
}

/// Gives the log's free pages back to the file system: a new data file takes the place of the old
/// one, with the same ledger in it and nothing else.
///
///     copy to log.compact/ --> read it again, all of it --> the rest, while appends wait
///         --> exchange the names --> remove the old
///
/// The names are exchanged in one step (renameat2(2), RENAME_EXCHANGE), after the new file was
/// flushed and verified. So at every moment `log` is a whole ledger, the same one, and what
/// `log.compact` holds may be removed.
public enum LedgerCompaction {
    /// Compacts the ledger in the directory `path`, which nobody may be writing.
    public static func compact(
        _ path: String, progress: ((CopyProgress) -> Void)? = nil
    ) throws(LedgerError) -> CompactionReport {
        try LedgerDirectory(path: path).checkForReading()
        let writer = try LedgerWriter.open(path, options: LedgerOptions(mapBytes: 0))
        defer { writer.close() }
        return try writer.compact(progress: progress)
    }
}

extension LedgerWriter {
    /// Gives the log's free pages back, as ``LedgerCompaction`` does. Needs room for a copy of the
    /// log. Blocks for as long as that takes; appends go on meanwhile, but for the last step: it
    /// copies what they added, and takes as long as a few commits.
    ///
    /// Readers, of this process and of others, go on with the new file. Not to be called inside an
    /// append's completion.
    public func compact(
        progress: ((CopyProgress) -> Void)? = nil
    ) throws(LedgerError) -> CompactionReport {
        // What is being sealed or archived meanwhile would be missing from the copy.
        try sealer.whileNothingIsSealed { () throws(LedgerError) in
            let directory = reader.directory
            let before = try DataFile.byteCount(directory.log)
            NewEnvironment.clear(directory.compactedLog)
            // A copy that was begun, or the old log: either is of no more use.
            defer { NewEnvironment.clear(directory.compactedLog) }
            let copy = CompactedLog(reader)
            try copy.make(through: head.position, progress: progress)
            // What came meanwhile, so that appends wait for little.
            for _ in 0..<LedgerLimits.compactionRoundsMax {
                let reached = try copy.complete(through: head)
                let left = head.position.rawValue - reached.position.rawValue
                if left <= LedgerLimits.compactionEventsLeft { break }
            }
            let outcome = CompactionOutcome()
            try jobs.exchangeAndWait { [self] () throws(LedgerError) in
                outcome.set(try copy.complete(through: head), try copy.byteCount())
                try copy.takeName()
            }
            return outcome.report(bytesBefore: before)
        }
    }
}

/// The copy that is to take the log's place.
private struct CompactedLog: Sendable {
    private let source: LedgerReader
    private var directory: LedgerDirectory { source.directory }

    init(_ source: LedgerReader) {
        self.source = source
    }

    /// Copies and verifies all there is up to `limit`.
    func make(
        through limit: Position, progress: ((CopyProgress) -> Void)?
    ) throws(LedgerError) {
        let metadata = try source.metadata()
        try NewEnvironment.create(directory.compactedLog, mapBytes: try source.mapBytes()) {
            transaction throws(DatabaseError) in
            try metadata.store(in: transaction)
        }
        let target = try open()
        var copy = LogCopy(source, to: target, through: limit)
        let head = try copy.run { progress?(CopyProgress(position: $0, through: limit)) }
        let report = try target.verify(trusting: source.verifierKeys())
        if let fault = report.faults.first {
            throw .corrupt(fault.position, fault.cause, in: directory.compactedLog)
        }
        guard report.head == head else {
            throw .corrupt(head.position, .differsFromHead, in: directory.compactedLog)
        }
    }

    /// Copies what came since, up to `head`, while nothing is appended.
    func complete(through head: LedgerHead) throws(LedgerError) -> LedgerHead {
        var copy = LogCopy(source, to: try open(), through: head.position)
        guard try copy.run() == head else {
            throw .corrupt(head.position, .differsFromHead, in: directory.compactedLog)
        }
        return head
    }

    func byteCount() throws(LedgerError) -> UInt64 {
        try DataFile.byteCount(directory.compactedLog)
    }

    /// Nobody may have the copy open any more.
    func takeName() throws(LedgerError) {
        try source.lease.takeOver(directory.compactedLog) { () throws(LedgerError) in
            // Both paths live during the call.
            guard unsafe exchange_names(directory.compactedLog, directory.log) == 0 else {
                throw .system(errno, directory.log)
            }
        }
    }

    private func open() throws(LedgerError) -> LedgerReader {
        let lease = try EnvironmentLease(
            directory.compactedLog, access: .readWrite, mapBytes: 0)
        // Not the ledger's own directory, whose head goes on.
        return LedgerReader(LedgerDirectory(path: directory.compactedLog), lease, source.lineage)
    }
}

/// What the committer's thread found out, for the thread that waits for it.
private final class CompactionOutcome: Sendable {
    private let found = Gated<(head: LedgerHead, byteCount: UInt64)?>(nil)

    func set(_ head: LedgerHead, _ byteCount: UInt64) {
        found.withLock { $0 = (head, byteCount) }
    }

    func report(bytesBefore: UInt64) -> CompactionReport {
        guard let found = found.withLock({ $0 }) else {
            preconditionFailure("set before the job was done")
        }
        return CompactionReport(
            head: found.head, bytesBefore: bytesBefore, bytesAfter: found.byteCount)
    }
}
