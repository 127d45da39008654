public import Ledger

/// What a rebuild of one projection found.
public struct RebuildReport: Hashable, Sendable {
    public let projection: String
    /// Of the saved state and every saved row; `nil` when nothing saved fits the log.
    public let digestBefore: Digest?
    /// Of state and rows folded from event 1 up to the saved cursor.
    public let digestAfter: Digest?
    /// Events folded.
    public let events: UInt64
    public let fault: ProjectionFault?

    /// Saved and rebuilt bytes are the same. Nothing saved contradicts nothing.
    public var isUnchanged: Bool {
        fault == nil && (digestBefore == nil || digestBefore == digestAfter)
    }
}

/// Folds one projection from event 1 again and compares.
struct Rebuild<P: Projection> {
    private let store: (any ProjectionStore)?
    private let saves: Bool
    private let before: Digest?
    private let target: LedgerHead
    private var state = P()
    private var position = Position.zero
    private var rows: [P.Row] = []
    private var rowCount: UInt64 = 0
    private var pending: [(key: String, value: [UInt8])] = []
    private var digest = DigestBuilder()
    private var fault: ProjectionFault?

    /// - Parameters:
    ///   - saves: replaces what is saved by what is folded.
    ///   - head: how far to fold where nothing usable is saved.
    init(
        store: (any ProjectionStore)?, saves: Bool, head: LedgerHead,
        linkAt: (Position) throws(LedgerError) -> Link?
    ) throws(LedgerError) {
        self.store = store
        self.saves = saves
        guard let saved = try ProjectionRunner<P>.saved(in: store), saved.version == P.version,
            saved.cursor.position <= head.position,
            saved.cursor.matches(head, linkThere: try linkAt(saved.cursor.position))
        else {
            before = nil
            target = head
            return
        }
        target = LedgerHead(
            ledger: saved.cursor.ledger, position: saved.cursor.position, link: saved.cursor.link)
        before = Self.digest(of: saved, in: store)
    }

    private static func digest(
        of saved: SavedProjection, in store: (any ProjectionStore)?
    ) -> Digest {
        var digest = DigestBuilder()
        for number in 0..<saved.rowCount {
            // A row that cannot be read counts as empty, which no row is: the digests differ.
            let row = (try? store?.load(StoreKey.row(number))) ?? []
            digest.append(UInt64(row.count).encoded)
            digest.append(row)
        }
        digest.append(saved.state)
        return digest.finish()
    }

    mutating func apply(_ entry: LogEntry) throws(LedgerError) {
        guard fault == nil, entry.position <= target.position else { return }
        do throws(ProjectionFault) {
            try state.apply(entry, finished: &rows)
        } catch {
            fault = error
            return
        }
        position = entry.position
        for row in rows {
            let bytes = row.encoded
            digest.append(UInt64(bytes.count).encoded)
            digest.append(bytes)
            if saves { pending.append((key: StoreKey.row(rowCount), value: bytes)) }
            rowCount += 1
        }
        rows.removeAll(keepingCapacity: true)
        if pending.count >= LedgerProjections.newRowsMax { try flush() }
    }

    /// The event there cannot be read.
    mutating func stop(_ unreadable: ProjectionFault) {
        guard fault == nil, unreadable.position <= target.position else { return }
        fault = unreadable
    }

    private mutating func flush() throws(LedgerError) {
        try store?.commit(pending)
        pending.removeAll(keepingCapacity: true)
    }

    mutating func finish() throws(LedgerError) -> RebuildReport {
        digest.append(state.encoded)
        let after = fault == nil ? digest.finish() : nil
        if saves, fault == nil {
            let saved = SavedProjection(
                version: P.version, cursor: Cursor(target), rowCount: rowCount,
                state: state.encoded)
            pending.append((key: StoreKey.state, value: saved.encoded))
            try flush()
        }
        return RebuildReport(
            projection: P.name, digestBefore: before, digestAfter: after,
            events: position.rawValue, fault: fault)
    }
}

extension LedgerProjections {
    /// A few milliseconds of folding.
    private static let eventsPerReport: UInt64 = 8_192

    /// Folds every projection from event 1 and compares it with what is saved, byte for byte.
    ///
    /// An owner also replaces what is saved. A reader compares only: the running agent owns it.
    /// `progress` is told now and then which event of how many was folded.
    public static func rebuild(
        ledger path: String, reader: LedgerReader, mode: Mode,
        progress: (_ position: Position, _ through: Position) -> Void = { _, _ in }
    ) throws -> [RebuildReport] {
        let stores = StoreDirectory(ledger: path, mode: mode)
        try stores.prepare()
        let head = try reader.head()
        var occupancy: Rebuild<OccupancyHistory> = try stores.rebuild(head, reader)
        var uptime: Rebuild<CarrierUptime> = try stores.rebuild(head, reader)
        var records: Rebuild<CallDetailRecords> = try stores.rebuild(head, reader)
        var life: Rebuild<AgentLife> = try stores.rebuild(head, reader)
        var exports: Rebuild<ExportHistory> = try stores.rebuild(head, reader)
        var decks: Rebuild<RateDeckHistory> = try stores.rebuild(head, reader)
        var openCalls: Rebuild<OpenCallFacts> = try stores.rebuild(head, reader)
        guard head.position > .zero else { return [] }
        try reader.replay(through: head.position) { view in
            if view.position.rawValue % Self.eventsPerReport == 0 {
                progress(view.position, head.position)
            }
            switch LogEntry.decoded(view) {
            case .success(let entry):
                try occupancy.apply(entry)
                try uptime.apply(entry)
                try records.apply(entry)
                try life.apply(entry)
                try exports.apply(entry)
                try decks.apply(entry)
                try openCalls.apply(entry)
            case .failure(let fault):
                occupancy.stop(fault)
                uptime.stop(fault)
                records.stop(fault)
                life.stop(fault)
                exports.stop(fault)
                decks.stop(fault)
                openCalls.stop(fault)
            }
            return .next
        }
        return [
            try occupancy.finish(), try uptime.finish(), try records.finish(), try life.finish(),
            try exports.finish(), try decks.finish(), try openCalls.finish(),
        ]
    }
}
