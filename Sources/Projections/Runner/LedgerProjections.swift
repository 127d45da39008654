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

    /// The ledger's directory.
    private let path: String
    private let reader: LedgerReader
    private let stores: StoreDirectory
    /// Whether the stores of other versions are gone: not before these are complete.
    private var hasTidied = false
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
        self.path = path
        self.reader = reader
        self.stores = stores
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

    /// Throws where one of these projections stopped. Answers that need none that did are right.
    public func check(_ needed: [any Projection.Type]) throws(StoppedProjection) {
        let names = needed.map { $0.name }
        for (name, fault) in faults where names.contains(name) {
            throw StoppedProjection(projection: name, fault: fault)
        }
    }

    /// So many events take some hundredths of a second.
    private static let eventsAProgress: UInt64 = 1 << 16

    /// Reads the log up to its head.
    ///
    /// - Parameter progress: told now and then how many events were read, and of how many.
    @discardableResult
    public mutating func catchUp(
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws(ProjectionError) -> LedgerHead {
        do {
            let newest = try reader.head()
            try fold(reader, through: newest.position, progress)
            head = newest
            return newest
        } catch let error as LedgerError {
            throw .ledger(error)
        } catch {
            preconditionFailure("reading a ledger threw \(error)")
        }
    }

    private mutating func fold(
        _ reader: LedgerReader, through last: Position, _ progress: (UInt64, UInt64) -> Void
    ) throws {
        let next = nextPosition
        guard next <= last else { return }
        let total = last.rawValue - next.rawValue + 1
        try reader.replay(from: next, through: last) { view in
            do throws(ProjectionFault) {
                try view.withFact { apply($0, at: $1) }
            } catch {
                stop(error)
            }
            let done = view.position.rawValue - next.rawValue + 1
            if done.isMultiple(of: Self.eventsAProgress) { progress(done, total) }
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
        if !hasTidied { removeOtherVersions() }
    }

    private mutating func removeOtherVersions() {
        hasTidied = true
        stores.removeOtherVersions(of: OccupancyHistory.self)
        stores.removeOtherVersions(of: CarrierUptime.self)
        stores.removeOtherVersions(of: CallDetailRecords.self)
        stores.removeOtherVersions(of: AgentLife.self)
        stores.removeOtherVersions(of: ExportHistory.self)
        stores.removeOtherVersions(of: RateDeckHistory.self)
        stores.removeOtherVersions(of: OpenCallFacts.self)
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

    private mutating func apply(_ fact: borrowing FactView, at stamp: Stamp) {
        occupancyRunner.apply(fact, at: stamp)
        uptimeRunner.apply(fact, at: stamp)
        recordsRunner.apply(fact, at: stamp)
        lifeRunner.apply(fact, at: stamp)
        exportsRunner.apply(fact, at: stamp)
        decksRunner.apply(fact, at: stamp)
        openCallsRunner.apply(fact, at: stamp)
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
        // A batch without the records behind a fault would be taken for whole.
        try check([CallDetailRecords.self, ExportHistory.self, RateDeckHistory.self])
        let book = try RateDeckStore(ledger: path).book(rateDecks)
        let runner = recordsRunner
        return try CDRExport(directory: directory).next(
            format, history: exports, records: records, book: book, through: head.position,
            rows: { try runner.forEach(closedIn: $0, $1) })
    }

    /// Hands out the records of a batch, in its order.
    ///
    /// - Parameter book: every deck that the log names.
    public func forEachRecord(
        ofBatch range: ClosedRange<Position>, _ book: RatingBook,
        _ body: (RatedCDR) throws -> Void
    ) throws {
        let runner = recordsRunner
        try BatchRows(range, book).forEach({ try runner.forEach(closedIn: $0, $1) }, body)
    }
}

extension Position {
    /// Later than every event.
    static let last = Position(rawValue: .max)
    /// A bound that no event lies beyond.
    public static var newest: Position { last }
}

extension ClosedRange<Position> {
    /// The whole log.
    public static var everything: Self { .first ... .last }
}
