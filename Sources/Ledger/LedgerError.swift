/// Why the ledger could not do what was asked, and what to do about it.
public struct LedgerError: Error, Hashable, Sendable {
    public enum Code: Hashable, Sendable {
        /// There is no ledger at this path.
        case notFound
        /// The directory holds something that is not a ledger.
        case foreignDirectory
        /// A newer version of the program wrote this ledger.
        case newerFormat(found: UInt32)
        /// Another process, or another part of this one, writes this ledger.
        case locked(holder: LockHolder)
        /// The disk is full. Nothing of the batch was recorded.
        case diskFull
        /// The operating system refused; nothing of the batch was recorded.
        case io(errno: Int32)
        /// Bytes on disk are not what was written. `position` is the first event affected.
        case corrupt(position: Position, Corruption)
        /// The ledger has grown to the size of its map.
        case mapFull
        /// As many read transactions as the ledger has slots for.
        case readersFull
        /// The writer was closed.
        case closed
        /// The batch may or may not be recorded; the events after a reopened head tell.
        case outcomeUnknown
        /// The files' owner or mode forbids it.
        case permission
        /// A batch, an event, a key or a value over its limit in ``LedgerLimits``.
        case tooLarge
        /// More waits for the committer than ``LedgerLimits`` allows.
        case queueFull
        /// A signing key's file is malformed, not private, or another ledger's.
        case unusableKey
        /// The directory is a backup, or a restoring into it has not ended: it is not appended to.
        case notLive
        /// Another ledger lies where the one that was opened lay.
        case replaced
        /// The copy holds events that the ledger it should continue has not, from behind
        /// `position` on.
        case diverged(position: Position)
        /// The events from `first` to `last` are not in the log but in an archive's file in
        /// `directory`.
        case archived(first: Position, last: Position, directory: String)
        /// A line of an export is not what it should be, counted from 1. Nothing was imported.
        case badImport(line: Int)
        /// No signed tree head covers what is to be proved.
        case notCheckpointed
        /// LMDB answered with a code that should not happen here.
        case database(code: Int32)
    }

    public let code: Code
    /// What happened, with the path or position it happened to.
    public let cause: String
    /// What to do about it.
    public let advice: String

    public init(code: Code, cause: String, advice: String) {
        self.code = code
        self.cause = cause
        self.advice = advice
    }
}

/// Who holds a ledger's writer lock.
public struct LockHolder: Hashable, Sendable {
    /// `nil` when the lock file did not say.
    public let pid: Int32?
    public let host: String

    public init(pid: Int32?, host: String) {
        self.pid = pid
        self.host = host
    }
}

extension LedgerError: CustomStringConvertible {
    public var description: String { "\(cause): \(advice)" }
}
