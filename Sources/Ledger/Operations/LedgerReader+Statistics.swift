internal import Glibc

extension LedgerReader {
    /// Looks through the whole log, a chunk at a time; payloads are not touched. What is counted
    /// in a ledger that is being written is as good as one moment's after the other.
    ///
    /// Holds the number of every stream in memory while it counts them.
    public func statistics() throws(LedgerError) -> LedgerStatistics {
        let metadata = try metadata()
        var statistics = LedgerStatistics(lineage: metadata.lineage, head: try head())
        statistics.format = metadata.format
        statistics.created = metadata.created
        statistics.isBackup = metadata.role == .backup
        var census = LogCensus()
        while census.next <= statistics.head.position {
            try withSnapshot(census.next) { snapshot throws(Corruption) in
                try census.countChunk(snapshot)
            }
        }
        try withSnapshot(.zero) { snapshot throws(Corruption) in
            try statistics.count(snapshot)
        }
        statistics.add(census)
        statistics.readers = try lease.environment.readerCount()
        statistics.reserveBytes = SpaceOnDisk(of: directory.reserve)?.allocated
        if let data = SpaceOnDisk(of: "\(directory.log)/\(DataFile.name)") {
            statistics.fileBytes = data.length
            statistics.diskBytes = data.allocated
        }
        return statistics
    }
}

/// What a file takes; `nil` where there is none.
private struct SpaceOnDisk {
    let length: UInt64
    let allocated: UInt64

    init?(of path: String) {
        var status = stat()
        // stat fills the struct or says why not.
        guard unsafe stat(path, &status) == 0 else { return nil }
        length = UInt64(status.st_size)
        // stat(2): blocks are of 512 bytes, whatever the file system's are.
        allocated = UInt64(status.st_blocks) * 512
    }
}

/// Counts what segments and frames hold, front to back.
private struct LogCensus {
    private(set) var next = Position.first
    private(set) var segments = 0
    private(set) var archived = 0
    private(set) var frames = 0
    private(set) var parts = LedgerStatistics.Parts()
    private(set) var streams: Set<UInt64> = []

    mutating func countChunk(_ snapshot: Snapshot) throws(Corruption) {
        if let segment = try snapshot.segment(holding: next) { return try count(segment) }
        var cursor = PageCursor(try snapshot.frames())
        let key = FrameLayout.key(next)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else {
            throw .gap(expected: next)
        }
        for _ in 0..<LedgerLimits.chunkFramesMax {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            guard frame.last >= next else { throw .gap(expected: next) }
            for index in 0..<frame.count { streams.insert(frame.stream(index).rawValue) }
            frames += 1
            parts.payload += UInt64(frame.payloadBytes)
            parts.events += UInt64(frame.bytes.byteCount - frame.payloadBytes)
            next = frame.last.next
            guard try cursor.advance() else { return }
        }
    }

    private mutating func count(_ segment: SegmentView) throws(Corruption) {
        let isArchived = segment.archive != nil
        if isArchived { archived += 1 }
        for (index, entry) in segment.entries.enumerated()
        where !(isArchived && entry.section.isArchived) {
            let byteCount = UInt64(entry.byteCount)
            switch entry.section {
            case .payload: parts.payload += byteCount
            case .leaves: parts.leaves += byteCount
            case .frames, .stripe: parts.events += byteCount
            case .kinds: parts.indexes += byteCount
            case .streams:
                parts.indexes += byteCount
                let table = try PostingTable(segment.block(index))
                for place in 0..<table.count { streams.insert(table.key(place)) }
            }
        }
        parts.indexes += UInt64(segment.header.filterLines * StreamFilter.lineBytes)
        parts.events += UInt64(
            SegmentLayout.headerBytes + segment.entries.count * SegmentLayout.entryBytes)
        segments += 1
        next = segment.header.last.next
    }
}

extension LedgerStatistics {
    fileprivate mutating func add(_ census: LogCensus) {
        segments = census.segments
        archivedSegments = census.archived
        frames = census.frames
        streams = census.streams.count
        parts.payload = census.parts.payload
        parts.events = census.parts.events
        parts.indexes = census.parts.indexes
        parts.leaves = census.parts.leaves
        let counted = parts.total
        let pages = UInt64(usedBytes)
        parts.overhead = pages > counted ? pages - counted : 0
    }

    fileprivate mutating func count(_ snapshot: Snapshot) throws(Corruption) {
        sealedThrough = try snapshot.sealedThrough()
        mapBytes = snapshot.meta.mapBytes
        usedBytes = snapshot.meta.fileBytes
        parts.free = try snapshot.freePages() * UInt64(snapshot.meta.pageBytes)
        parts.tiles = try snapshot.valueBytes(LedgerFormat.tilesName).bytes
        let signed = try snapshot.valueBytes(LedgerFormat.checkpointsName)
        let remembered = try snapshot.valueBytes(LedgerFormat.producersName)
        parts.records =
            signed.bytes + remembered.bytes
            + (try snapshot.valueBytes(LedgerFormat.metaName)).bytes
        checkpoints = signed.count
        // The key 0 tells how far they are summed up.
        producers = max(remembered.count - 1, 0)
        newestCheckpoint = try snapshot.newestCheckpoint(of: lineage)?.checkpoint.position
    }
}

extension Snapshot {
    /// Of a small database: how many values, and their bytes.
    fileprivate func valueBytes(_ name: String) throws(Corruption) -> (count: Int, bytes: UInt64) {
        guard let tree = try database(name) else { return (0, 0) }
        var cursor = PageCursor(tree)
        guard try cursor.seekFirst() else { return (0, 0) }
        var count = 0
        var bytes: UInt64 = 0
        repeat {
            count += 1
            bytes += UInt64(try cursor.value().byteCount)
        } while try cursor.advance()
        return (count, bytes)
    }

    /// Pages that no commit reaches any more.
    fileprivate func freePages() throws(Corruption) -> UInt64 {
        try checkFreeList()
        var cursor = PageCursor(PageTree(file, meta.free))
        guard try cursor.seekFirst() else { return 0 }
        var pages: UInt64 = 0
        repeat {
            pages += try cursor.value().word(at: 0)
        } while try cursor.advance()
        return pages
    }
}
