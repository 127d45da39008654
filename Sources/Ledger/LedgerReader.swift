/// Reads a ledger while it is written, from the writer's process or any other.
///
/// It may be used from several threads at once. A read pins the log a chunk at a time: closures
/// that take long slow nobody down, but make the file grow. Where the ledger is compacted, also by
/// another process, it goes on with the new file.
public final class LedgerReader: Sendable {
    let directory: LedgerDirectory
    private let opening: Gated<EnvironmentLease>
    var lease: EnvironmentLease { opening.withLock { $0 } }
    /// The ledger that this reader reads, and what it was restored from.
    public let lineage: Lineage
    /// The ledger that this reader reads.
    public var ledger: LedgerID { lineage.ledger }
    /// What lookups by stream have found out.
    let memory = StreamMemory()

    init(_ directory: LedgerDirectory, _ lease: EnvironmentLease, _ lineage: Lineage) {
        self.directory = directory
        opening = Gated(lease)
        self.lineage = lineage
    }

    /// Opens the ledger in the directory `path`, which must exist.
    public static func open(_ path: String) throws(LedgerError) -> LedgerReader {
        let directory = LedgerDirectory(path: path)
        try directory.checkForReading()
        let (lease, lineage) = try open(directory)
        return LedgerReader(directory, lease, lineage)
    }

    private static func open(
        _ directory: LedgerDirectory
    ) throws(LedgerError) -> (EnvironmentLease, Lineage) {
        let lease = try EnvironmentLease(directory.log, access: .readOnly, mapBytes: 0)
        let metadata = try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            try LedgerMetadata.load(snapshot, directory.path)
        }
        guard let metadata else { throw .notFound(directory.path) }
        if metadata.role == .unfinished { throw .notLive(directory.path, metadata.role) }
        return (lease, metadata.lineage)
    }

    /// How far the ledger has grown. `replaced` when another ledger has taken its place.
    public func head() throws(LedgerError) -> LedgerHead {
        try goAlong()
        return try withSnapshot(.zero) { snapshot throws(Corruption) in
            try snapshot.head(of: ledger)
        }
    }

    /// The head's position. The last frame's records are checked when they are read.
    private func end() throws(LedgerError) -> Position {
        try goAlong()
        return try withSnapshot(.zero) { snapshot throws(Corruption) in
            var cursor = PageCursor(try snapshot.frames())
            guard try cursor.seekLast() else { return try snapshot.sealedThrough() }
            return try FrameView(cursor.value(), filedUnder: cursor.key()).last
        }
    }

    /// Opens the log anew where a compaction, by another process, has given its name to a copy;
    /// answers whether it has. Throws `replaced` when the name is another ledger's now.
    @discardableResult
    func goAlong() throws(LedgerError) -> Bool {
        guard try !lease.isNamed(directory.log) else { return false }
        let (fresh, lineage) = try Self.open(directory)
        guard lineage == self.lineage else { throw .replaced(directory.path) }
        opening.withLock { $0 = fresh }
        return true
    }

    /// The chain value of the frame that ends at `position`, for a cursor to be held against; the
    /// ledger's origin at `.zero`; `nil` where no frame ends.
    public func link(at position: Position) throws(LedgerError) -> Link? {
        try withSnapshot(position) { snapshot throws(Corruption) in
            try snapshot.link(at: position, of: ledger)
        }
    }

    /// Calls `body` with every event that `query` asks for, in its direction, up to the head at
    /// the time of the call.
    ///
    /// Of what is not asked for, payloads are never looked at. Throws what `body` throws, and
    /// ``LedgerError``. Do not wait for an append inside `body`.
    public func read(
        _ query: EventQuery, _ body: (borrowing EventView) throws -> ReadStep
    ) throws {
        var scan = EventScan(query, end: try end(), memory)
        while try readChunk(&scan, body) == .more {}
    }

    /// As ``read(_:_:)``: every event from `from` on, up to `through` or the head.
    public func read(
        from: Position = .first, through: Position? = nil,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {
        try read(EventQuery(from: from, through: through), body)
    }

    /// As ``read(_:_:)``: every event of `stream`.
    public func read(
        stream: StreamID, from: Position = .first, through: Position? = nil,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {
        try read(EventQuery(from: from, through: through, streams: [stream]), body)
    }

    /// One chunk of `scan`, with what `body` throws carried around the typed errors.
    func readChunk(
        _ scan: inout EventScan, _ body: (borrowing EventView) throws -> ReadStep
    ) throws -> EventScan.Progress {
        var failure: (any Error)?
        let progress = try withSnapshot(scan.next) { snapshot throws(Corruption) in
            try scan.readChunk(snapshot) { event in
                do {
                    return try body(event)
                } catch {
                    failure = error
                    return .stop
                }
            }
        }
        if let failure { throw failure }
        return progress
    }

    /// Runs `body` on the newest commit; damage is reported at `position`.
    func withSnapshot<Value>(
        _ position: Position, _ body: (Snapshot) throws(Corruption) -> Value
    ) throws(LedgerError) -> Value {
        // Stays open meanwhile, also when the reader goes along with a compaction.
        let lease = lease
        return try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            do throws(Corruption) {
                return try body(snapshot)
            } catch {
                throw .corrupt(position, error, in: directory.path)
            }
        }
    }
}
