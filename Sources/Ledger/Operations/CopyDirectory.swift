/// A directory that a ledger is copied into: locked, and made, or found to be the very same copy.
final class CopyDirectory {
    let reader: LedgerReader
    private let directory: LedgerDirectory
    private let metadata: LedgerMetadata
    private let lock: WriterLock

    /// The directory `path`, which is missing, empty, or has what `wanted` says. Anything else is
    /// refused as `foreignDirectory`. The map is the original's, so that all of it finds room.
    init(
        _ path: String, for wanted: LedgerMetadata, mapBytes: Int
    ) throws(LedgerError) {
        let directory = LedgerDirectory(path: path)
        try directory.prepareForWriting()
        let lock = try WriterLock(directory.lock)
        let reader = try Self.open(directory, for: wanted, mapBytes: mapBytes)
        self.directory = directory
        self.lock = lock
        self.reader = reader
        metadata = wanted
    }

    private static func open(
        _ directory: LedgerDirectory, for wanted: LedgerMetadata, mapBytes: Int
    ) throws(LedgerError) -> LedgerReader {
        if try DataFile.inspect(directory.log) == nil {
            try directory.settleName()
            try NewEnvironment.create(directory.log, mapBytes: mapBytes) {
                transaction throws(DatabaseError) in
                try wanted.store(in: transaction)
            }
        }
        let lease = try EnvironmentLease(
            directory.log, access: .readWrite, mapBytes: mapBytes)
        try lease.environment.settle()
        try OpenedLedger.checkWritePath(lease.environment, directory)
        let found = try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            try LedgerMetadata.load(snapshot, directory.path)
        }
        guard let found, found.id == wanted.id, found.role == wanted.role else {
            throw .foreignDirectory(directory.path, found: text(found))
        }
        return LedgerReader(directory, lease, wanted.lineage)
    }

    private static func text(_ found: LedgerMetadata?) -> String {
        switch found?.role {
        case nil: "a log without a name"
        case .live: "a ledger that is in use"
        case .backup: "a backup of the ledger \(found?.id.description ?? "")"
        case .unfinished: "the beginning of the ledger \(found?.id.description ?? "")"
        }
    }

    /// Takes over the public keys: before the checkpoints that they signed.
    func takeKeys(from source: LedgerReader) throws(LedgerError) {
        for key in try source.verifierKeys() {
            try VerifierKeysFile(path: directory.verifierKeys).add(key)
        }
    }

    /// Makes what was copied a ledger of the role and the descents that are named: whatever else
    /// belongs to it is taken over from `source` before.
    func finish(
        _ head: LedgerHead, from source: LedgerReader, as role: LedgerRole, _ descents: [Descent]
    ) throws(LedgerError) {
        try takeKeys(from: source)
        if let newest = try reader.newestCheckpoint() {
            try CheckpointMirror(path: directory.checkpoint).store(newest)
        }
        let finished = metadata.with(role, descents)
        do throws(DatabaseError) {
            try reader.lease.environment.write { transaction throws(DatabaseError) in
                try finished.store(in: transaction)
            }
        } catch {
            throw error.ledgerError(at: directory.path)
        }
        try HeadFile(writing: directory.head).announce(head)
        try LedgerDirectory.sync(directory.path)
    }
}
