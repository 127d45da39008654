/// Reads a ledger while it is written, from the writer's process or any other.
///
/// It may be used from several threads at once. A read pins the log a chunk at a time: closures
/// that take long slow nobody down, but make the file grow.
public final class LedgerReader: Sendable {
    let directory: LedgerDirectory
    let lease: EnvironmentLease
    /// The ledger that this reader reads.
    public let ledger: LedgerID

    init(_ directory: LedgerDirectory, _ lease: EnvironmentLease, _ ledger: LedgerID) {
        self.directory = directory
        self.lease = lease
        self.ledger = ledger
    }

    /// Opens the ledger in the directory `path`, which must exist.
    public static func open(_ path: String) throws(LedgerError) -> LedgerReader {
        let directory = LedgerDirectory(path: path)
        try directory.checkForReading()
        let lease = try EnvironmentLease(directory.log, access: .readOnly, mapBytes: 0)
        let metadata = try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            try LedgerMetadata.load(snapshot, path)
        }
        guard let metadata else { throw .notFound(path) }
        return LedgerReader(directory, lease, metadata.id)
    }

    /// How far the ledger has grown.
    public func head() throws(LedgerError) -> LedgerHead {
        try withSnapshot(.zero) { snapshot throws(Corruption) in
            try snapshot.head(of: ledger)
        }
    }

    /// The chain value of the frame that ends at `position`, for a cursor to be held against; the
    /// ledger's origin at `.zero`; `nil` where no frame ends.
    public func link(at position: Position) throws(LedgerError) -> Link? {
        try withSnapshot(position) { snapshot throws(Corruption) in
            try snapshot.link(at: position, of: ledger)
        }
    }

    /// Calls `body` with every event from `from` on, in order, up to `through` or, without it, to
    /// the head at the time of the call.
    ///
    /// Throws what `body` throws, and ``LedgerError``. Do not wait for an append inside `body`.
    public func read(
        from: Position = .first, through: Position? = nil,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {
        try scan(from: from, through: through, stream: nil, body)
    }

    /// Calls `body` with every event of `stream`; otherwise as ``read(from:through:_:)``.
    public func read(
        stream: StreamID, from: Position = .first, through: Position? = nil,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {
        try scan(from: from, through: through, stream: stream, body)
    }

    private func scan(
        from: Position, through: Position?, stream: StreamID?,
        _ body: (borrowing EventView) throws -> ReadStep
    ) throws {
        let end = min(try head().position, through ?? Position(rawValue: .max))
        var scan = FrameScan(from: max(from, .first), through: end, stream: stream)
        while try readChunk(&scan, body) == .more {}
    }

    /// One chunk of `scan`, with what `body` throws carried around the typed errors.
    func readChunk(
        _ scan: inout FrameScan, _ body: (borrowing EventView) throws -> ReadStep
    ) throws -> FrameScan.Progress {
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
        try lease.environment.withSnapshot { snapshot throws(LedgerError) in
            do throws(Corruption) {
                return try body(snapshot)
            } catch {
                throw .corrupt(position, error, in: directory.path)
            }
        }
    }
}
