/// A batch on its way to the disk, with what must be known of it.
struct Submission: Sendable {
    var batch: EventBatch
    /// Made on the caller's thread, while the committer may be waiting for the disk.
    var hashes: BatchHashes
    /// Of use when its frame comes next and holds nothing else.
    var linkAhead: LinkAhead?
    var conditions = AppendConditions()
    /// May use the space kept back for a full disk.
    var reserve: Bool
    var completion: @Sendable (Result<AppendOutcome, LedgerError>) -> Void
}
