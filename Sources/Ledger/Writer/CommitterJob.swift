/// Work for the committer's thread that is no batch.
enum CommitterJob: Sendable {
    case transaction(TransactionJob)
    case exchange(ExchangeJob)
}

/// One write transaction between two frames, durable as a whole or not at all.
struct TransactionJob: Sendable {
    /// The most that `body` writes, in bytes: tells a full disk from a sick one.
    var byteCount: Int
    /// Runs on the committer's thread, while appends wait: everything is prepared before. What it
    /// throws undoes the transaction.
    var body: @Sendable (borrowing WriteTransaction) throws(DatabaseError) -> Void
    /// Called once on the committer's thread: with `nil` when the work is durable. It must not
    /// wait for an append.
    var completion: @Sendable (LedgerError?) -> Void
}

/// Another file takes the log's name between two frames, with the same ledger in it.
struct ExchangeJob: Sendable {
    /// Runs on the committer's thread, while appends wait and every commit is on the disk. It
    /// returns once the names are exchanged, and throws while they are not.
    var body: @Sendable () throws(LedgerError) -> Void
    /// Called once on the committer's thread: with `nil` when the new file is in use. It must not
    /// wait for an append.
    var completion: @Sendable (LedgerError?) -> Void
}
