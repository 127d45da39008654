/// A ledger whose files were opened, forced to the disk and found to agree: what a writer needs
/// before it takes its first batch.
struct OpenedLedger {
    let directory: LedgerDirectory
    let lease: EnvironmentLease
    let headFile: HeadFile
    let head: LedgerHead
    let lineage: Lineage
    let bootID = BootID.random()
    let admission: Admission

    /// The caller holds the writer's lock.
    init(_ directory: LedgerDirectory, options: LedgerOptions) throws(LedgerError) {
        self.directory = directory
        let isNew = try DataFile.inspect(directory.log) == nil
        headFile = try HeadFile(writing: directory.head)
        let known = headFile.announced()
        // liblmdb would make a new log where the old one was lost.
        if isNew, let known, known.position > .zero {
            throw .corrupt(.zero, .behindHead(known: known.position), in: directory.path)
        }
        if isNew { try Self.create(directory, options) }
        lease = try EnvironmentLease(
            directory.log, access: .readWrite, mapBytes: options.mapBytes)
        // A commit of a process that crashed may be in the page cache only: nothing is served
        // that a power cut could still take back.
        try lease.environment.settle()
        // Where a flush of that process failed, or of an opening before this one, the kernel takes
        // the newest meta page for written, and a flush leaves it out.
        try DataFile.rewriteMeta(in: directory.log)
        try Self.checkWritePath(lease.environment, directory)
        let metadata = try Self.metadata(lease.environment, directory)
        lineage = metadata.lineage
        (head, admission) = try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            do throws(Corruption) {
                try snapshot.checkLastFrame()
                try snapshot.check(against: known, of: metadata.id)
                return (try snapshot.head(of: metadata.id), try Admission(snapshot))
            } catch {
                throw .corrupt(.zero, error, in: directory.path)
            }
        }
        // Whoever named the log may have been killed before the name was durable.
        try LedgerDirectory.sync(directory.path)
        headFile.announce(head)
    }

    private static func create(
        _ directory: LedgerDirectory, _ options: LedgerOptions
    ) throws(LedgerError) {
        try directory.settleName()
        let metadata = LedgerMetadata.fresh()
        try NewEnvironment.create(directory.log, mapBytes: options.mapBytes) {
            transaction throws(DatabaseError) in
            try metadata.store(in: transaction)
        }
    }

    static func checkWritePath(
        _ environment: SharedEnvironment, _ directory: LedgerDirectory
    ) throws(LedgerError) {
        try environment.withSnapshot { snapshot throws(LedgerError) in
            do throws(Corruption) {
                try snapshot.checkWritePath()
            } catch {
                throw .corrupt(.zero, error, in: directory.path)
            }
        }
    }

    private static func metadata(
        _ environment: SharedEnvironment, _ directory: LedgerDirectory
    ) throws(LedgerError) -> LedgerMetadata {
        let stored = try environment.withSnapshot { snapshot throws(LedgerError) in
            try LedgerMetadata.load(snapshot, directory.path)
        }
        guard let stored else {
            throw .corrupt(.zero, .metadata(LedgerFormat.metaName), in: directory.path)
        }
        guard stored.role == .live else { throw .notLive(directory.path, stored.role) }
        if stored.format == LedgerFormat.version { return stored }
        let wanted = stored.upgraded
        do throws(DatabaseError) {
            try environment.write { transaction throws(DatabaseError) in
                try wanted.store(in: transaction)
            }
        } catch {
            throw error.ledgerError(at: directory.path)
        }
        return wanted
    }
}

extension Snapshot {
    /// Holds the log against what `head` says was once durable: a log that was rolled back or
    /// replaced is found here.
    func check(against known: LedgerHead?, of ledger: LedgerID) throws(Corruption) {
        guard let known, known.position > .zero else { return }
        let head = try head(of: ledger)
        guard head.position >= known.position else {
            throw .behindHead(known: known.position)
        }
        guard known.ledger == ledger, try link(at: known.position, of: ledger) == known.link
        else { throw .differsFromHead }
    }
}
