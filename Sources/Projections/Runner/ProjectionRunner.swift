public import Ledger
import TrunkEvents

/// Keeps one projection up to date with a log, and saves it.
///
/// Rows are written before the state that counts them, under keys that depend on their number
/// alone: a crash in between leaves rows that no state speaks of, and the same rows overwrite them.
public struct ProjectionRunner<P: Projection>: Sendable {
    public private(set) var state: P
    /// The last event that ``state`` has seen.
    public private(set) var position: Position
    /// Why the fold stopped; it stays where it was.
    public private(set) var fault: ProjectionFault?
    /// Whether saved state was found and fits; otherwise the fold began at event 1.
    public private(set) var isResumed = false

    private let store: (any ProjectionStore)?
    /// Rows in the store that ``state`` counts.
    private var storedRowCount: UInt64 = 0
    /// Where the store's state stands.
    private var savedPosition: Position?
    /// Rows not in the store.
    private var newRows: [P.Row] = []
    private var packer = RowPacker<P>()

    /// Begins at event 1, and keeps its rows.
    init() {
        store = nil
        state = P()
        position = .zero
    }

    /// Resumes from what is saved when its cursor fits the log, else starts at event 1.
    ///
    /// - Parameter linkAt: the log's chain value at a position where a frame ends.
    public init(
        store: (any ProjectionStore)?, head: LedgerHead,
        linkAt: (Position) throws(LedgerError) -> Link?
    ) throws(LedgerError) {
        self.store = store
        state = P()
        position = .zero
        guard let saved = try Self.saved(in: store), saved.version == P.version else { return }
        guard saved.cursor.position <= head.position else { return }
        let link = try linkAt(saved.cursor.position)
        guard saved.cursor.matches(head, linkThere: link) else { return }
        guard let state = try? P(decoding: saved.state) else { return }
        guard let packer = RowPacker<P>(after: saved.rowCount, in: store) else { return }
        self.state = state
        self.packer = packer
        position = saved.cursor.position
        savedPosition = position
        storedRowCount = saved.rowCount
        isResumed = true
    }

    /// `nil` where nothing is saved, or nothing that can be read.
    static func saved(
        in store: (any ProjectionStore)?
    ) throws(LedgerError) -> SavedProjection? {
        do throws(LedgerError) {
            guard let bytes = try store?.load(StoreKey.state) else { return nil }
            return try? SavedProjection(decoding: bytes)
        } catch {
            if case .corrupt = error.code { return nil }
            throw error
        }
    }

    public var rowCount: UInt64 { storedRowCount + UInt64(newRows.count) }
    /// Rows that ``saveRows()`` would write.
    public var newRowCount: Int { newRows.count }

    /// Takes the next event. Events it has seen already, and any after a fault, are left aside.
    public mutating func apply(_ entry: LogEntry) {
        guard isNext(entry.position) else { return }
        do throws(ProjectionFault) {
            try state.apply(entry, finished: &newRows)
            position = entry.position
        } catch {
            fault = error
        }
    }

    /// The same for an event that is not decoded.
    mutating func apply(_ fact: borrowing FactView, at stamp: Stamp) {
        guard isNext(stamp.position) else { return }
        do throws(ProjectionFault) {
            try state.apply(fact, at: stamp, finished: &newRows)
            position = stamp.position
        } catch {
            fault = error
        }
    }

    private mutating func isNext(_ next: Position) -> Bool {
        guard fault == nil, next > position else { return false }
        if next == position.next { return true }
        stop(ProjectionFault(position: next, cause: "expected event \(position.next)"))
        return false
    }

    /// The event there cannot be read.
    public mutating func stop(_ unreadable: ProjectionFault) {
        guard fault == nil, unreadable.position > position else { return }
        fault = unreadable
    }

    /// Writes pages of finished rows ahead of the state, so that a long fold need not hold them.
    public mutating func saveRows() throws(LedgerError) {
        guard let store else { return }
        let rest = Int(rowCount % UInt64(P.rowsPerPage))
        guard newRows.count > rest else { return }
        var packer = packer
        for row in newRows.dropLast(rest) { packer.append(row) }
        try store.commit(packer.takeFull())
        self.packer = packer
        storedRowCount = packer.rowCount
        newRows.removeFirst(newRows.count - rest)
    }

    /// Commits rows, state and cursor together; nothing where nothing was read since the last time.
    ///
    /// - Parameter head: the log's head at ``position``; after a fault, nothing is saved.
    public mutating func save(at head: LedgerHead) throws(LedgerError) {
        guard let store, fault == nil else { return }
        precondition(head.position == position, "state is saved where it stands")
        guard savedPosition != position else { return }
        var packer = packer
        for row in newRows { packer.append(row) }
        let saved = SavedProjection(
            version: P.version, cursor: Cursor(head), rowCount: rowCount, state: state.encoded)
        var entries = packer.takeFull()
        if let open = packer.openPage { entries.append(open) }
        try store.commit(entries + [(key: StoreKey.state, value: saved.encoded)])
        self.packer = packer
        savedPosition = position
        storedRowCount = rowCount
        newRows.removeAll(keepingCapacity: true)
    }
}

extension ProjectionRunner {
    /// The row of that number, counted from 0 in the order in which rows were finished.
    public func row(_ number: UInt64) throws(LedgerError) -> P.Row {
        precondition(number < rowCount, "row \(number) is not finished")
        guard number < storedRowCount else { return newRows[Int(number - storedRowCount)] }
        let page = try storedPage(holding: number)
        if let page, let row: P.Row = RowPage.row(Self.place(of: number), in: page) { return row }
        throw Self.missing(number)
    }

    private func storedPage(holding number: UInt64) throws(LedgerError) -> [UInt8]? {
        try store?.load(StoreKey.rows(number / UInt64(P.rowsPerPage)))
    }

    private static func missing(_ number: UInt64) -> LedgerError {
        LedgerError(
            code: .notFound,
            cause: "row \(number) of projection '\(P.name)' is missing or malformed",
            advice: "run 'trunkledger rebuild'")
    }

    /// Hands out the rows finished by the events of `range`, in order.
    public func forEachRow(
        closedIn range: ClosedRange<Position>, _ body: (P.Row) throws -> ReadStep
    ) throws {
        var number = try firstRow(closedAtOrAfter: range.lowerBound)
        while number < storedRowCount {
            guard let page = try storedPage(holding: number) else { throw Self.missing(number) }
            let before = number
            var isDone = false
            try RowPage.forEachRow(from: Self.place(of: number), in: page) { (row: P.Row) in
                isDone = try row.closedAt > range.upperBound || body(row) == .stop
                number += 1
                return !isDone && number < storedRowCount
            }
            if isDone { return }
            if number == before { throw Self.missing(number) }
        }
        for row in newRows.dropFirst(Int(number - storedRowCount)) {
            guard row.closedAt <= range.upperBound, try body(row) == .next else { return }
        }
    }

    /// Hands out all rows finished by the events of `range`, in order.
    func forEach(
        closedIn range: ClosedRange<Position>, _ body: (P.Row) throws -> Void
    ) throws {
        try forEachRow(closedIn: range) {
            try body($0)
            return .next
        }
    }

    /// Within its page.
    private static func place(of number: UInt64) -> Int { Int(number % UInt64(P.rowsPerPage)) }

    /// Rows are finished in the order of the log: a binary search finds where a range begins.
    private func firstRow(closedAtOrAfter position: Position) throws(LedgerError) -> UInt64 {
        var low: UInt64 = 0
        var high = rowCount
        while low < high {
            let middle = low + (high - low) / 2
            if try row(middle).closedAt < position {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}
