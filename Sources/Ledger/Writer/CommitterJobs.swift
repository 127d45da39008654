/// Where work for the committer's thread that is no batch is handed in.
struct CommitterJobs: Sendable {
    let mailbox: Mailbox
    /// The ledger's, for errors.
    let path: String

    /// Has `job` run between two frames; refused with `closed` on this thread.
    func perform(_ job: TransactionJob) {
        if mailbox.post(.transaction(job)) != nil { job.completion(.closed(path)) }
    }

    /// Runs `body` in a write transaction of its own, at most `byteCount` bytes, and returns when
    /// it is durable. Not on the committer's thread.
    func performAndWait(
        byteCount: Int,
        _ body: @escaping @Sendable (borrowing WriteTransaction) throws(DatabaseError) -> Void
    ) throws(LedgerError) {
        let outcome = JobOutcome()
        perform(TransactionJob(byteCount: byteCount, body: body) { outcome.settle($0) })
        try outcome.wait()
    }

    /// Has `body` exchange the log's file between two frames, and returns when the new one is in
    /// use. Not on the committer's thread.
    func exchangeAndWait(
        _ body: @escaping @Sendable () throws(LedgerError) -> Void
    ) throws(LedgerError) {
        let outcome = JobOutcome()
        let job = ExchangeJob(body: body) { outcome.settle($0) }
        if mailbox.post(.exchange(job)) != nil { job.completion(.closed(path)) }
        try outcome.wait()
    }
}
