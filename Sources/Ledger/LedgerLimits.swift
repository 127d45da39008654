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
    /// Events that wait for the committer.
    public static let queueEventsMax = 262_144
    /// Payload bytes that wait for the committer.
    public static let queueBytesMax = 64 << 20
    /// Streams whose revision one batch may expect.
    public static let expectationsMax = 1_024
    /// Producers whose stamps are remembered. They are never forgotten: one more is refused.
    public static let producersMax = 4_096
    /// The newest sequences of a producer that a repeat is recognised by. As many as let what is
    /// remembered of a producer lie in a leaf page of LMDB.
    public static let producerWindowMax = 120
    /// Events after which what is remembered of the producers is put down anew: the most that is
    /// looked through for stamps when a ledger is opened, beside one frame.
    public static let producerSaveEvents: UInt64 = 65_536
    /// Streams whose last position is kept in memory, twice: the newer and the older half.
    static let recentStreamsMax = 65_536
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
    /// The least number of nanoseconds before a flush that failed is tried again.
    static let flushRetryNanoseconds: UInt64 = 1_000_000_000
    /// Frames read under one read transaction.
    public static let chunkFramesMax = 256
    /// Frame bytes read under one read transaction.
    public static let chunkBytesMax = 8 << 20
    /// Segments that are passed over, by their headers, under one read transaction.
    static let chunkSegmentsMax = 1_024
    /// Events after which a lookup remembers the frames that it went through.
    static let frameGroupEvents = 512
    /// Bytes that a reader remembers of frames before it forgets them all.
    static let rememberedFrameBytes = 4 << 20
    /// Bytes that a reader remembers of segments; 5 KB each where calls have ten events.
    static let rememberedSegmentBytes = 32 << 20
    /// Events of one sealed segment.
    public static let segmentEventsMax = 65_536
    /// Payload bytes of one sealed segment. While it is made, they are in memory, as much again
    /// compressed, and at most 16 MiB of columns and hashes: the bound of sealing's memory.
    public static let segmentPayloadBytesMax = 16 << 20
    /// Frames of one sealed segment: the transaction that takes them away, while appends wait, is
    /// the shorter the fewer they are.
    public static let segmentFramesMax = 8_192
    /// Bytes of a segment that are made durable at once, while appends wait.
    static let sealingStepBytes = 1 << 18
    /// Events that a compaction leaves for its last step, while appends wait.
    static let compactionEventsLeft: UInt64 = 1_024
    /// How often it tries to come so close.
    static let compactionRoundsMax = 16
    /// Nanoseconds between two looks for something to seal.
    static let sealingLookNanoseconds: UInt64 = 250_000_000
    /// Nanoseconds before a refused sealing is tried again; twice as many after each refusal.
    static let sealingPauseNanoseconds: UInt64 = 1_000_000_000
    /// The longest such pause.
    static let sealingPauseNanosecondsMax: UInt64 = 300_000_000_000
    /// The nice value of the thread that seals.
    static let sealingNice: Int32 = 10
    /// Bytes of one stored piece of a segment: sixteen pages with LMDB's header.
    static let segmentPieceBytesMax = 65_520
    /// Payload bytes that are compressed together, unless one event has more.
    static let segmentBlockBytesMax = 8_192
    /// Payload bytes that are enough for a block of `segmentBlockEventsMin` events: who looks for
    /// one of them decompresses all.
    static let segmentBlockBytesMin = 3_072
    /// As many as resemble each other enough to be worth compressing together.
    static let segmentBlockEventsMin = 16
    /// The longest a follower sleeps before it asks whether to stop, in nanoseconds.
    public static let followWaitNanoseconds: Int64 = 200_000_000
    /// Faults that ``VerifyReport`` lists by name; the rest are only counted.
    public static let verifyFaultsMax = 1_000
    /// Bytes of a signed note.
    public static let noteBytesMax = 256 << 10
    /// Signatures of a signed note; C2SP wants 16 at least.
    public static let noteSignaturesMax = 64
    /// Bytes of a proof file: an event in base64, its hashes, a signed note.
    public static let proofBytesMax = 2 << 20
    /// Bytes of a file of keys.
    static let keyFileBytesMax = 64 << 10
    /// Events that one thread verifies, or decodes for a replay, before it takes others.
    static let stretchEvents: UInt64 = 65_536
    /// Threads that verify or replay one ledger.
    static let stretchThreadsMax = 16
    /// Stretches, for each thread, that may be worked on before their turn: in a replay, each
    /// holds at most the payload bytes of a segment.
    static let stretchesAheadMax = 2
    /// Payload bytes of a stretch that are copied ahead of a replay; what is beyond them is
    /// copied when its turn comes.
    static let stretchBytesMax = segmentPayloadBytesMax
    /// Bytes of a backup's manifest: over 150,000 segments, or ten billion events.
    static let manifestBytesMax = 16 << 20
    /// Named databases of a ledger's environment: six in use, room for what comes.
    static let databasesMax: UInt32 = 16
    /// Levels of a B+ tree; LMDB's own `CURSOR_STACK`.
    static let treeDepthMax = 32
}
