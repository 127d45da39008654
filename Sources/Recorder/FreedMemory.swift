internal import CMalloc

/// What becomes of memory that the process has freed. An agent holds tens of thousands of calls for
/// minutes, and beside them makes many things that live for milliseconds: left to itself, the
/// allocator (mallopt(3)) keeps as much again for later.
enum FreedMemory {
    /// Blocks from this size on have pages of their own, which go back as soon as they are freed:
    /// the saved states of projections, the buffers of replays and seals.
    private static let blockBytes: Int32 = 1 << 20
    /// So much may lie free at the end of a heap before it is given back: less would be taken
    /// again with the next batch of facts.
    private static let endBytes: Int32 = 4 << 20

    /// Before the process has threads. Without it, the allocator raises the first bound with each
    /// such block that is freed, up to 32 MiB, and the second to twice as much.
    static func returnBlocks() {
        mallopt(M_MMAP_THRESHOLD, blockBytes)
        mallopt(M_TRIM_THRESHOLD, endBytes)
    }

    /// Gives back every page on which nothing is in use (malloc_trim(3)).
    static func returnPages() {
        malloc_trim(0)
    }
}
