internal import CMalloc

/// What becomes of memory that the process has freed. An agent holds tens of thousands of calls for
/// minutes, and beside them makes many things that live for milliseconds: left to itself, the
/// allocator (mallopt(3)) keeps as much again for later.
enum FreedMemory {
    /// Blocks from this size on have pages of their own, which go back as soon as they are freed:
    /// the saved states of projections, the buffers of replays and seals.
    private static let blockBytes: Int32 = 256 << 10

    /// Before the process has threads. Without it, the allocator raises the bound with each such
    /// block that is freed, up to 32 MiB.
    static func returnBlocks() {
        mallopt(M_MMAP_THRESHOLD, blockBytes)
    }

    /// Gives back every page on which nothing is in use (malloc_trim(3)).
    static func returnPages() {
        malloc_trim(0)
    }
}
