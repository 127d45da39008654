/// Work for the committer's thread that is no batch: one write transaction between two frames,
/// durable as a whole or not at all.
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
