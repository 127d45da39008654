public import Ledger
public import Projections
internal import TrunkEvents

/// A PostgreSQL database. Rows and cursor go in one transaction: whatever kills either side, the
/// database holds each batch whole, once, or not at all.
///
/// The rows are copied into a temporary table and from there into the one that stays, since COPY
/// alone cannot replace a row that is there already.
public struct PostgreSQLDestination: CDRDestination {
    private let address: String
    private var connection: PostgreSQLConnection?

    private static let table = CDRTable(dialect: .postgresql)
    private static let incoming = "trunkledger_incoming"
    /// Two deliveries that make the tables at once wait for each other.
    private static let tablesLock: Int64 = 7_452_114_305_118_212

    /// Bytes of rows that are sent at a time.
    private static let pieceBytes = 1 << 16

    public init(address: String) {
        self.address = address
    }

    public mutating func lastDelivered(
        of ledger: LedgerID
    ) throws(DeliveryError) -> DeliveryMark? {
        try attempt { connection throws(DeliveryError) in
            try Self.mark(of: ledger, connection)
        }
    }

    public mutating func deliver(
        _ batch: ClosedBatch, of source: BatchSource
    ) throws(DeliveryError) {
        try attempt { connection throws(DeliveryError) in
            try connection.run("BEGIN")
            // Another delivery of this ledger waits here, and then sees what this one wrote.
            try Self.lock(Int64(bitPattern: source.ledger.high), connection)
            let mark = try Self.mark(of: source.ledger, connection)
            if mark.sequence < batch.fact.sequence {
                try Self.write(batch, of: source, to: connection)
            }
            try connection.run("COMMIT")
        }
    }

    /// A connection that failed is not used again: what it had begun is rolled back.
    private mutating func attempt<Result>(
        _ body: (PostgreSQLConnection) throws(DeliveryError) -> Result
    ) throws(DeliveryError) -> Result {
        let connection = try connected()
        do throws(DeliveryError) {
            return try body(connection)
        } catch {
            self.connection = nil
            throw error
        }
    }

    private mutating func connected() throws(DeliveryError) -> PostgreSQLConnection {
        if let connection { return connection }
        let made = try PostgreSQLConnection(address: address)
        // "Already exists, skipping" is no news.
        try made.run("SET client_min_messages = warning")
        try made.run("BEGIN")
        try Self.lock(Self.tablesLock, made)
        try made.run(Self.table.definition)
        for addition in Self.table.additions(to: try Self.columns(made)) {
            try made.run(addition)
        }
        try made.run(CDRTable.cursorDefinition)
        try made.run(
            "CREATE TEMPORARY TABLE \(Self.incoming) (LIKE \(CDRTable.name)) "
                + "ON COMMIT DELETE ROWS")
        try made.run("COMMIT")
        connection = made
        return made
    }

    /// The columns of the table as it is.
    private static func columns(
        _ connection: PostgreSQLConnection
    ) throws(DeliveryError) -> Set<String> {
        let rows = try connection.run(
            "SELECT attname FROM pg_attribute WHERE attrelid = '\(CDRTable.name)'::regclass "
                + "AND attnum > 0 AND NOT attisdropped")
        return Set(rows.compactMap(\.first))
    }

    /// Held until the transaction ends.
    private static func lock(
        _ key: Int64, _ connection: PostgreSQLConnection
    ) throws(DeliveryError) {
        try connection.run("SELECT pg_advisory_xact_lock(\(key))")
    }

    private static func mark(
        of ledger: LedgerID, _ connection: PostgreSQLConnection
    ) throws(DeliveryError) -> DeliveryMark {
        let rows = try connection.run(
            "SELECT sequence, sha256 FROM \(CDRTable.cursorName) WHERE ledger = $1",
            [ledger.description])
        guard let row = rows.first, let sequence = UInt64(row[0]) else { return .nothing }
        return .batch(sequence: sequence, sha256: row[1])
    }

    private static func write(
        _ batch: ClosedBatch, of source: BatchSource, to connection: PostgreSQLConnection
    ) throws(DeliveryError) {
        let copy = "COPY \(incoming) (\(CDRTable.columns)) FROM STDIN (FORMAT csv)"
        try connection.copy(copy) { send throws(DeliveryError) in
            var csv = CSVWriter(lineEnd: .lf)
            try source.forEachRow(of: batch) { row throws(DeliveryError) in
                for value in CDRTable.values(of: row) { csv.field(value.columnText) }
                csv.endLine()
                guard csv.bytes.count >= pieceBytes else { return }
                try send(csv.bytes)
                csv = CSVWriter(lineEnd: .lf)
            }
            try send(csv.bytes)
        }
        try connection.run(
            "INSERT INTO \(CDRTable.name) (\(CDRTable.columns)) "
                + "SELECT \(CDRTable.columns) FROM \(incoming) \(CDRTable.onConflict)")
        try connection.run(
            CDRTable.cursorUpdate,
            [
                source.ledger.description, source.node?.description ?? "",
                String(batch.fact.sequence), batch.sha256, String(batch.fact.lastPosition),
            ])
    }
}
