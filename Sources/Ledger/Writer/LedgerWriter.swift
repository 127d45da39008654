internal import Synchronization

/// The one writer of a ledger.
///
/// It may be used from several threads at once; their batches are committed in the order in which
/// they were appended, as many at a time as had queued while the disk was busy.
public final class LedgerWriter: Sendable {
    /// Reads this ledger; stays usable after the writer was closed.
    public let reader: LedgerReader
    /// Names this opening of the ledger; events carry it.
    public let bootID: BootID

    /// Held by who signs: checkpoints are made one after the other.
    let signing = Mutex<Void>(())

    private let directory: LedgerDirectory
    private let committer: Committer
    private let mailbox: Mailbox
    private let running: Mutex<Running?>
    let jobs: CommitterJobs
    let sealer: Sealer

    private struct Running: ~Copyable {
        let lock: WriterLock
        let committing: WorkerThread
        var background: BackgroundSealing?
        var sealing: WorkerThread?

        /// The lock is given back after the last batch is durable.
        consuming func end() {
            background?.askToStop()
            let isInCompletion = committing.isCurrent
            committing.join()
            if let sealing {
                // Inside a completion, sealing may wait for this very thread.
                if isInCompletion { sealing.detach() } else { sealing.join() }
            }
            lock.release()
        }
    }

    private init(
        _ opened: OpenedLedger, committer: Committer, mailbox: Mailbox,
        running: consuming Running
    ) {
        reader = LedgerReader(opened.directory, opened.lease, opened.lineage)
        bootID = opened.bootID
        directory = opened.directory
        self.committer = committer
        self.mailbox = mailbox
        self.running = Mutex(running)
        let jobs = CommitterJobs(mailbox: mailbox, path: opened.directory.path)
        self.jobs = jobs
        sealer = Sealer(reader) { byteCount, body throws(LedgerError) in
            try jobs.performAndWait(byteCount: byteCount, body)
        }
    }

    deinit { close() }

    /// Opens the ledger in the directory `path`, making it (mode 0700) when there is none, and
    /// takes its writer's lock.
    ///
    /// What a crash may have left in the page cache is forced to the disk, and the last frame is
    /// recomputed, before this returns.
    ///
    /// `onSealing` is told, on the thread that seals, what becomes of ``LedgerOptions/sealing``. It
    /// must not hold the writer, nor wait for anything.
    public static func open(
        _ path: String, options: LedgerOptions = LedgerOptions(),
        onSealing: @escaping @Sendable (SealingNotice) -> Void = { _ in }
    ) throws(LedgerError) -> LedgerWriter {
        let directory = LedgerDirectory(path: path)
        try directory.prepareForWriting()
        let lock = try WriterLock(directory.lock)
        let opened = try OpenedLedger(directory, options: options)
        let reserve = try ReserveFile(
            directory.reserve, byteCount: options.reserveBytes, now: monotonicNanoseconds())
        let mailbox = Mailbox()
        let committer = Committer(
            opened, mailbox: mailbox, reserve: reserve, durability: options.durability)
        let committing = try WorkerThread("the committer's thread") { committer.run() }
        let writer = LedgerWriter(
            opened, committer: committer, mailbox: mailbox,
            running: Running(lock: lock, committing: committing))
        // Where that is refused, e.g. by a full disk, nothing is amiss: what a sealing that was
        // cut short has left means nothing, and the next sealing clears it.
        try? writer.sealer.clearLeftovers()
        // Likewise a copy that did not get to take the log's place, or the old log.
        NewEnvironment.clear(directory.compactedLog)
        if let policy = options.sealing { try writer.seal(policy, report: onSealing) }
        return writer
    }

    private func seal(
        _ policy: SealingPolicy, report: @escaping @Sendable (SealingNotice) -> Void
    ) throws(LedgerError) {
        let background = BackgroundSealing(policy, sealer, report: report)
        try running.withLock { running throws(LedgerError) in
            running?.background = background
            running?.sealing = try WorkerThread("the sealing thread") { background.run() }
        }
    }

    /// Queues a batch, which must not be empty. `completion` is called once: with the receipt, on
    /// the committer's thread, when the batch is as durable as ``Durability`` says; with an error
    /// there or, when the batch is refused before it is queued (`closed`, `queueFull`, `tooLarge`),
    /// on this thread before this returns.
    ///
    /// With `reserve` the batch may use the disk space that is kept back for facts that must not
    /// be lost on a full disk.
    public func append(
        _ batch: consuming EventBatch, reserve: Bool = false,
        completion: @escaping @Sendable (Result<AppendReceipt, LedgerError>) -> Void
    ) {
        let path = directory.path
        append(batch, under: AppendConditions(), reserve: reserve) { answer in
            completion(answer.flatMap { $0.receipt(at: path) })
        }
    }

    /// Queues a batch, which must not be empty, to be recorded if `conditions` then hold: all of
    /// it or nothing. `completion` is called once: on the committer's thread, or on this one
    /// before this returns when the batch is not queued (`closed`, or `refused` for a limit of the
    /// batch's or the queue's).
    ///
    /// A duplicate is answered when what it repeats is durable.
    public func append(
        _ batch: consuming EventBatch, under conditions: AppendConditions, reserve: Bool = false,
        completion: @escaping @Sendable (Result<AppendOutcome, LedgerError>) -> Void
    ) {
        let batch = batch
        precondition(!batch.isEmpty, "a batch holds at least one event")
        if let limit = AppendLimit(exceededBy: batch, conditions) {
            return completion(.success(.refused(limit)))
        }
        let hashes = BatchHashes(of: batch, bootID: bootID)
        let submission = Submission(
            batch: batch, hashes: hashes,
            linkAhead: LinkAhead(of: hashes, after: committer.headAhead), conditions: conditions,
            reserve: reserve, completion: completion)
        switch mailbox.post(submission) {
        case nil: break
        case .closed: completion(.failure(.closed(directory.path)))
        case .full(let limit): completion(.success(.refused(limit)))
        }
    }

    /// As ``append(_:under:reserve:completion:)``: returns when the outcome is known.
    public func append(
        _ batch: consuming EventBatch, under conditions: AppendConditions, reserve: Bool = false
    ) async throws(LedgerError) -> AppendOutcome {
        let batch = batch
        // The completion is called exactly once, whatever happens.
        let result = await unsafe withUnsafeContinuation {
            (waiting: UnsafeContinuation<Result<AppendOutcome, LedgerError>, Never>) in
            append(batch, under: conditions, reserve: reserve) {
                unsafe waiting.resume(returning: $0)
            }
        }
        return try result.get()
    }

    /// As ``append(_:reserve:completion:)``: returns when the batch is durable.
    public func append(
        _ batch: consuming EventBatch, reserve: Bool = false
    ) async throws(LedgerError) -> AppendReceipt {
        let batch = batch
        // The completion is called exactly once, whatever happens.
        let result = await unsafe withUnsafeContinuation {
            (waiting: UnsafeContinuation<Result<AppendReceipt, LedgerError>, Never>) in
            append(batch, reserve: reserve) { unsafe waiting.resume(returning: $0) }
        }
        return try result.get()
    }

    /// How far the ledger has grown, by what was answered.
    public var head: LedgerHead { committer.head }

    /// Takes no more batches, makes the queued ones durable, and gives the lock back. Returns when
    /// that is done, except inside a completion, where it only asks for it.
    public func close() {
        mailbox.close()
        let ended = running.withLock { $0.take() }
        guard let ended else { return }
        ended.end()
    }
}

extension AppendOutcome {
    /// For an append without conditions.
    fileprivate func receipt(at path: String) -> Result<AppendReceipt, LedgerError> {
        switch self {
        case .appended(let receipt): .success(receipt)
        case .refused(let limit): .failure(limit.error(at: path))
        case .duplicate, .expired, .wrongRevision:
            preconditionFailure("an append without conditions met one")
        }
    }
}
