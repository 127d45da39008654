/// Every bound of the ledger, by name.
public enum LedgerLimits {
    /// Payload bytes of one event.
    public static let eventBytesMax = 1 << 20
    /// Events of one batch, and of one frame.
    public static let frameEventsMax = 16_384
    /// Payload bytes of one batch, and of one frame.
    public static let frameBytesMax = 8 << 20
    /// Batches that wait for the committer.
    public static let queueBatchesMax = 65_536
    /// Payload bytes that wait for the committer.
    public static let queueBytesMax = 64 << 20
    /// The address space of a ledger's map, and so the most it can grow to.
    public static let mapBytes = 1 << 40
    /// The address space of a ``StateStore``'s map.
    public static let stateMapBytes = 1 << 36
    /// Bytes of one ``StateStore`` value.
    public static let stateValueBytesMax = 1 << 30
    /// Bytes of one ``StateStore`` key: LMDB's `mdb_env_get_maxkeysize` is 511.
    public static let stateKeyBytesMax = 511
    /// Reading transactions at once, over all processes.
    public static let readersMax: UInt32 = 1_024
    /// Commits between two looks for reading transactions of processes that died.
    public static let staleReaderCheckCommits: UInt64 = 256
    /// Disk space kept back for appends marked as reserve.
    public static let reserveBytes = 8 << 20
    /// Nanoseconds between two attempts to get a spent reserve back.
    public static let reserveRetryNanoseconds: UInt64 = 1_000_000_000
    /// Frames read under one read transaction.
    public static let chunkFramesMax = 256
    /// Frame bytes read under one read transaction.
    public static let chunkBytesMax = 8 << 20
    /// The longest a follower sleeps before it asks whether to stop, in nanoseconds.
    public static let followWaitNanoseconds: Int64 = 200_000_000
    /// Faults that ``VerifyReport`` lists by name; the rest are only counted.
    public static let verifyFaultsMax = 1_000
    /// Named databases of a ledger's environment: six in use, room for what comes.
    static let databasesMax: UInt32 = 16
    /// Levels of a B+ tree; LMDB's own `CURSOR_STACK`.
    static let treeDepthMax = 32
}
