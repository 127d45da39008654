public import Ledger
public import Projections
internal import TrunkEvents

/// A SQLite file. Rows and cursor go in one transaction: whatever kills this process, the file
/// holds each batch whole, once, or not at all.
public struct SQLiteDestination: CDRDestination {
    private let path: String
    private var connection: SQLiteConnection?

    private static let table = CDRTable(dialect: .sqlite)

    public init(path: String) {
        self.path = path
    }

    public mutating func lastDelivered(
        of ledger: LedgerID
    ) throws(DeliveryError) -> DeliveryMark? {
        try Self.mark(of: ledger, try connected())
    }

    public mutating func deliver(
        _ batch: ClosedBatch, of source: BatchSource
    ) throws(DeliveryError) {
        let connection = try connected()
        try connection.run("BEGIN IMMEDIATE")
        do throws(DeliveryError) {
            // Another delivery may have been quicker.
            if try Self.mark(of: source.ledger, connection).sequence < batch.fact.sequence {
                try Self.write(batch, of: source, to: connection)
            }
            try connection.run("COMMIT")
        } catch {
            // Closing rolls back what is open.
            self.connection = nil
            throw error
        }
    }

    private mutating func connected() throws(DeliveryError) -> SQLiteConnection {
        if let connection { return connection }
        let made = try SQLiteConnection(path: path)
        // The rows outlive a power cut, since the log says that they arrived.
        try made.run("PRAGMA synchronous = FULL")
        try made.run("BEGIN IMMEDIATE")
        try made.run(Self.table.definition)
        for addition in Self.table.additions(to: try Self.columns(made)) {
            try made.run(addition)
        }
        try made.run(CDRTable.cursorDefinition)
        try made.run("COMMIT")
        connection = made
        return made
    }

    /// The columns of the table as it is.
    private static func columns(
        _ connection: SQLiteConnection
    ) throws(DeliveryError) -> Set<String> {
        let query = try connection.prepare(
            "SELECT name FROM pragma_table_info('\(CDRTable.name)')")
        var names: Set<String> = []
        while try query.step() { names.insert(query.text(0)) }
        return names
    }

    private static func mark(
        of ledger: LedgerID, _ connection: SQLiteConnection
    ) throws(DeliveryError) -> DeliveryMark {
        let query = try connection.prepare(
            "SELECT sequence, sha256 FROM \(CDRTable.cursorName) WHERE ledger = $1")
        try query.bind([.text(ledger.description)])
        guard try query.step() else { return .nothing }
        return .batch(sequence: UInt64(clamping: query.integer(0)), sha256: query.text(1))
    }

    private static func write(
        _ batch: ClosedBatch, of source: BatchSource, to connection: SQLiteConnection
    ) throws(DeliveryError) {
        let places = (1...CDRTable.Column.all.count).map { "$\($0)" }.joined(separator: ", ")
        let insert = try connection.prepare(
            "INSERT INTO \(CDRTable.name) (\(CDRTable.columns)) VALUES (\(places)) "
                + CDRTable.onConflict)
        try source.forEachRow(of: batch) { row throws(DeliveryError) in
            try insert.bind(CDRTable.values(of: row).map { SQLiteValue($0) })
            _ = try insert.step()
            insert.reset()
        }
        let cursor = try connection.prepare(CDRTable.cursorUpdate)
        try cursor.bind([
            .text(source.ledger.description), .text(source.node?.description ?? ""),
            .integer(Int64(clamping: batch.fact.sequence)), .text(batch.sha256),
            .integer(Int64(clamping: batch.fact.lastPosition)),
        ])
        _ = try cursor.step()
    }
}

extension SQLiteValue {
    init(_ value: CDRValue) {
        switch value {
        case .integer(let number): self = .integer(number)
        case .position(let number): self = .integer(Int64(clamping: number))
        case .none, .text, .octets, .name, .record, .call, .endpoint, .instant, .list:
            self = .text(value.columnText)
        }
    }
}
