/// What a ledger consists of, and where its bytes go.
public struct LedgerStatistics: Hashable, Sendable {
    public internal(set) var format: UInt32 = 0
    public internal(set) var lineage: Lineage
    public internal(set) var isBackup = false
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    public internal(set) var created: Int64 = 0
    public internal(set) var head: LedgerHead
    /// The last position that is sealed; `.zero` when nothing is.
    public internal(set) var sealedThrough = Position.zero
    public internal(set) var segments = 0
    /// Segments whose events are in an archive.
    public internal(set) var archivedSegments = 0
    /// Frames that are not sealed.
    public internal(set) var frames = 0
    public internal(set) var streams = 0
    public internal(set) var checkpoints = 0
    public internal(set) var newestCheckpoint: Position?
    /// Producers whose stamps are remembered.
    public internal(set) var producers = 0
    /// Reading transactions under way, over all processes; this one's look is not counted.
    public internal(set) var readers = 0
    /// Bytes of the file `reserve`; `nil` without one.
    public internal(set) var reserveBytes: UInt64?
    /// Bytes of the address space that the log cannot outgrow.
    public internal(set) var mapBytes: UInt64 = 0
    /// Bytes of the log's data file.
    public internal(set) var fileBytes: UInt64 = 0
    /// Disk space that the data file takes: less than `fileBytes` where it has holes.
    public internal(set) var diskBytes: UInt64 = 0
    /// Bytes of the pages that the newest commit may reach.
    var usedBytes = 0
    public internal(set) var parts = Parts()

    /// The data file's bytes by what they are for. Together they are the pages up to the last one
    /// that the newest commit may reach.
    public struct Parts: Hashable, Sendable {
        /// Payloads, compressed where they are sealed.
        public internal(set) var payload: UInt64 = 0
        /// Headers and records of frames; columns and directories of segments.
        public internal(set) var events: UInt64 = 0
        /// Stream filters and posting lists.
        public internal(set) var indexes: UInt64 = 0
        /// Leaf hashes of segments.
        public internal(set) var leaves: UInt64 = 0
        public internal(set) var tiles: UInt64 = 0
        /// Checkpoints, what is remembered of producers, metadata.
        public internal(set) var records: UInt64 = 0
        /// Pages that the next commits will fill.
        public internal(set) var free: UInt64 = 0
        /// Pages of the trees, and what pages have left over.
        public internal(set) var overhead: UInt64 = 0

        public var total: UInt64 {
            payload + events + indexes + leaves + tiles + records + free + overhead
        }
    }
}
