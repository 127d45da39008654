/// What a commit forces to the disk before it returns.
enum CommitFlush {
    case dataAndMeta
    /// The meta page stays in the page cache, until the next commit's data or `sync` takes it
    /// along (`MDB_NOMETASYNC`).
    case data
}

/// When the meta page of the newest commit gets to the disk.
///
///     flushed --(commit)--> due --(commit)--> due of that one, the one before is on the disk
///        ^                   |--(time has come, a job, the end)--> flushed
///        |                   \--(a flush failed)--> doubtful
///        \--------------------(written again)----------/
struct MetaFlush {
    /// Nanoseconds that it may wait; `nil` when it must not.
    private let delay: UInt64?
    /// The monotonic time, in nanoseconds, at which it must be flushed; `nil` when it is.
    private(set) var due: UInt64?
    /// After a flush that failed, the kernel may take the page for written, and it is not.
    private(set) var isDoubtful = false

    init(_ durability: Durability) {
        switch durability {
        case .losesNothing: delay = nil
        case .losesNewestCommitOnPowerCut(let span):
            let (seconds, attoseconds) = span.components
            let (whole, isTooLong) = UInt64(clamping: seconds).multipliedReportingOverflow(
                by: 1_000_000_000)
            let rest = UInt64(clamping: attoseconds / 1_000_000_000)
            delay = isTooLong ? .max : whole.addingSaturated(rest)
        }
    }

    /// How commits flush.
    var ofCommits: CommitFlush { delay == nil ? .dataAndMeta : .data }

    func isOverdue(now: UInt64) -> Bool { due.map { $0 <= now } ?? false }

    /// Not while it is doubtful: the next commit would count on the one before.
    mutating func committed(now: UInt64) {
        precondition(!isDoubtful, "a meta page in doubt is written again first")
        due = delay.map { now.addingSaturated($0) }
    }

    mutating func flushed() {
        due = nil
        isDoubtful = false
    }

    /// A commit or a flush was refused.
    mutating func failed(now: UInt64) {
        guard let delay, due != nil else { return }
        isDoubtful = true
        due = now.addingSaturated(max(delay, LedgerLimits.flushRetryNanoseconds))
    }
}

extension UInt64 {
    fileprivate func addingSaturated(_ other: UInt64) -> UInt64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}
