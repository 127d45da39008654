import Glibc
public import Ledger
import TrunkEvents

/// Every projection of one ledger, read in one pass.
public struct LedgerProjections: ~Copyable, Sendable {
    public enum Mode: Hashable, Sendable {
        /// The running agent, or who holds the writer's lock: saves state.
        case owner
        /// Anyone else: starts from what is saved, folds the rest in memory, writes nothing.
        case reader
    }

    /// Rows held in memory before an owner writes them out.
    static let newRowsMax = 16_384

    public let mode: Mode
    /// The log's head up to which every projection without a fault has read.
    public private(set) var head: LedgerHead

    private let reader: LedgerReader
    private var occupancyRunner: ProjectionRunner<OccupancyHistory>
    private var uptimeRunner: ProjectionRunner<CarrierUptime>
    private var recordsRunner: ProjectionRunner<CallDetailRecords>
    private var lifeRunner: ProjectionRunner<AgentLife>
    private var exportsRunner: ProjectionRunner<ExportHistory>
    private var decksRunner: ProjectionRunner<RateDeckHistory>
    private var openCallsRunner: ProjectionRunner<OpenCallFacts>

    /// Loads what is saved; ``catchUp()`` reads what came after it.
    ///
    /// - Parameter path: the ledger's directory.
    public init(
        ledger path: String, reader: LedgerReader, mode: Mode
    ) throws(ProjectionError) {
        let stores = StoreDirectory(ledger: path, mode: mode)
        try stores.prepare()
        let head = try stores.head(of: reader)
        // All of them before the first is stored: a value that cannot be copied is whole or not.
        let occupancy: ProjectionRunner<OccupancyHistory> = try stores.runner(head, reader)
        let uptime: ProjectionRunner<CarrierUptime> = try stores.runner(head, reader)
        let records: ProjectionRunner<CallDetailRecords> = try stores.runner(head, reader)
        let life: ProjectionRunner<AgentLife> = try stores.runner(head, reader)
        let exports: ProjectionRunner<ExportHistory> = try stores.runner(head, reader)
        let decks: ProjectionRunner<RateDeckHistory> = try stores.runner(head, reader)
        let openCalls: ProjectionRunner<OpenCallFacts> = try stores.runner(head, reader)
        self.mode = mode
        self.reader = reader
        self.head = head
        occupancyRunner = occupancy
        uptimeRunner = uptime
        recordsRunner = records
        lifeRunner = life
        exportsRunner = exports
        decksRunner = decks
        openCallsRunner = openCalls
    }

    public var occupancy: TrunkOccupancy { occupancyRunner.state.occupancy }
    public var uptime: CarrierUptime { uptimeRunner.state }
    public var records: CallDetailRecords { recordsRunner.state }
    public var life: AgentLife { lifeRunner.state }
    public var exports: ExportHistory { exportsRunner.state }
    public var rateDecks: RateDeckHistory { decksRunner.state }

    /// Why projections stopped, by name.
    public var faults: [(projection: String, fault: ProjectionFault)] {
        [
            (OccupancyHistory.name, occupancyRunner.fault),
            (CarrierUptime.name, uptimeRunner.fault),
            (CallDetailRecords.name, recordsRunner.fault), (AgentLife.name, lifeRunner.fault),
            (ExportHistory.name, exportsRunner.fault), (RateDeckHistory.name, decksRunner.fault),
            (OpenCallFacts.name, openCallsRunner.fault),
        ].compactMap { name, fault in fault.map { (name, $0) } }
    }

    /// Reads the log up to its head.
    @discardableResult
    public mutating func catchUp() throws(ProjectionError) -> LedgerHead {
        do {
            let newest = try reader.head()
            try fold(reader, through: newest.position)
            head = newest
            return newest
        } catch let error as LedgerError {
            throw .ledger(error)
        } catch {
            preconditionFailure("reading a ledger threw \(error)")
        }
    }

    private mutating func fold(_ reader: LedgerReader, through last: Position) throws {
        let next = nextPosition
        guard next <= last else { return }
        try reader.replay(from: next, through: last) { view in
            switch LogEntry.decoded(view) {
            case .success(let entry): apply(entry)
            case .failure(let fault): stop(fault)
            }
            if mode == .owner, recordsRunner.newRowCount >= Self.newRowsMax {
                try recordsRunner.saveRows()
                try occupancyRunner.saveRows()
            }
            return .next
        }
    }

    /// Reads the log up to its head and commits every projection's state and cursor there. A
    /// reader writes nothing.
    public mutating func save() throws(ProjectionError) {
        try catchUp()
        guard mode == .owner else { return }
        do throws(LedgerError) {
            try occupancyRunner.save(at: head)
            try uptimeRunner.save(at: head)
            try recordsRunner.save(at: head)
            try lifeRunner.save(at: head)
            try exportsRunner.save(at: head)
            try decksRunner.save(at: head)
            try openCallsRunner.save(at: head)
        } catch {
            throw .ledger(error)
        }
    }

    /// The first event that a projection without a fault has not seen.
    private var nextPosition: Position {
        let seen = [
            (occupancyRunner.position, occupancyRunner.fault),
            (uptimeRunner.position, uptimeRunner.fault),
            (recordsRunner.position, recordsRunner.fault),
            (lifeRunner.position, lifeRunner.fault),
            (exportsRunner.position, exportsRunner.fault),
            (decksRunner.position, decksRunner.fault),
            (openCallsRunner.position, openCallsRunner.fault),
        ]
        return (seen.filter { $0.1 == nil }.map(\.0).min() ?? head.position).next
    }

    private mutating func apply(_ entry: LogEntry) {
        occupancyRunner.apply(entry)
        uptimeRunner.apply(entry)
        recordsRunner.apply(entry)
        lifeRunner.apply(entry)
        exportsRunner.apply(entry)
        decksRunner.apply(entry)
        openCallsRunner.apply(entry)
    }

    private mutating func stop(_ fault: ProjectionFault) {
        occupancyRunner.stop(fault)
        uptimeRunner.stop(fault)
        recordsRunner.stop(fault)
        lifeRunner.stop(fault)
        exportsRunner.stop(fault)
        decksRunner.stop(fault)
        openCallsRunner.stop(fault)
    }
}

extension LedgerProjections {
    /// Hands out the CDRs that events of `range` closed, in the order of the log.
    public func forEachRecord(
        closedIn range: ClosedRange<Position>? = nil, _ body: (CDRRow) throws -> ReadStep
    ) throws {
        try recordsRunner.forEachRow(closedIn: range ?? .everything, body)
    }

    /// The CDR of that name, if it is closed.
    public func record(_ id: CDRID) throws(ProjectionError) -> CDRRow? {
        do {
            var found: CDRRow?
            try recordsRunner.forEachRow(closedIn: id.position ... .last) { row in
                if row.seizedPosition == id.position, row.node == id.node { found = row }
                return found == nil ? .next : .stop
            }
            return found
        } catch let error as LedgerError {
            throw .ledger(error)
        } catch {
            preconditionFailure("reading rows threw \(error)")
        }
    }

    /// The batches that were closed after the one of that number, in their order.
    public func closedBatches(after sequence: UInt64) throws -> [ClosedBatch] {
        var batches: [ClosedBatch] = []
        try exportsRunner.forEachRow(closedIn: .everything) {
            if $0.fact.sequence > sequence { batches.append($0) }
            return .next
        }
        return batches
    }

    /// Every span of up, down or unknown time that is over.
    public func uptimeSpans() throws -> [UptimeSpan] {
        var spans: [UptimeSpan] = []
        try uptimeRunner.forEachRow(closedIn: .everything) {
            spans.append($0)
            return .next
        }
        return spans
    }
}

extension LedgerProjections {
    /// Brings everything up to date and makes the next batch of CDRs.
    ///
    /// - Returns: the manifest; record its `closed` in the log.
    public mutating func export(
        _ format: ExportFormat, to directory: String
    ) throws -> ExportManifest {
        try catchUp()
        let runner = recordsRunner
        return try CDRExport(directory: directory).next(
            format, history: exports, records: records, through: head.position
        ) { range in
            var rows: [CDRRow] = []
            try runner.forEachRow(closedIn: range) {
                rows.append($0)
                return .next
            }
            return rows
        }
    }
}

extension Position {
    /// Later than every event.
    static let last = Position(rawValue: .max)
}

extension ClosedRange<Position> {
    /// The whole log.
    public static var everything: Self { .first ... .last }
}
