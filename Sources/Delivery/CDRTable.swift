internal import Projections

/// The table of CDRs and the table of cursors, as SQL.
struct CDRTable {
    static let name = "trunkledger_cdr"
    static let cursorName = "trunkledger_delivery"

    /// What one database calls its types.
    struct Dialect {
        var instant: String
        var money: String

        static let sqlite = Dialect(instant: "TEXT", money: "TEXT")
        static let postgresql = Dialect(instant: "TIMESTAMPTZ", money: "NUMERIC")
    }

    let dialect: Dialect

    /// A column of the table: a CDR's, or its price's.
    enum Column: Hashable {
        case record(CDRColumn)
        case price(PriceColumn)

        static let all =
            CDRColumn.allCases.map(Column.record) + PriceColumn.allCases.map(Column.price)

        var name: String {
            switch self {
            case .record(let column): column.rawValue
            case .price(let column): column.rawValue
            }
        }

        func value(of record: RatedCDR) -> CDRValue {
            switch self {
            case .record(let column): record[column]
            case .price(let column): record[column]
            }
        }
    }

    /// Every cell of a record, in the order of the columns.
    static func values(of record: RatedCDR) -> [CDRValue] {
        Column.all.map { $0.value(of: record) }
    }

    /// A CDR is known by its id and revision; a correction is a row of its own.
    var definition: String {
        let columns = Column.all.map { "\($0.name) \(type(of: $0))" }
        return "CREATE TABLE IF NOT EXISTS \(Self.name) (\(columns.joined(separator: ", ")), "
            + "PRIMARY KEY (\(Self.key)))"
    }

    /// What a table lacks that an older version made, given the columns that it has: each is added
    /// and stays empty in the rows that are there.
    func additions(to existing: Set<String>) -> [String] {
        Column.all.filter { !existing.contains($0.name) }
            .map { "ALTER TABLE \(Self.name) ADD COLUMN \($0.name) \(type(of: $0))" }
    }

    /// One row per ledger: the last batch that is in the table, written with its rows.
    static let cursorDefinition = """
        CREATE TABLE IF NOT EXISTS \(cursorName) (ledger TEXT PRIMARY KEY, node TEXT, \
        sequence BIGINT NOT NULL, sha256 TEXT NOT NULL, last_position BIGINT NOT NULL)
        """

    static let columns = Column.all.map(\.name).joined(separator: ", ")

    /// What to do with a row that is there already.
    static let onConflict: String = {
        let rest = Column.all.filter { $0 != .record(.id) && $0 != .record(.revision) }
        let settings = rest.map { "\($0.name) = excluded.\($0.name)" }
        return "ON CONFLICT (\(key)) DO UPDATE SET \(settings.joined(separator: ", "))"
    }()

    /// Parameters are numbered: ledger, node, sequence, sha256, last position.
    static let cursorUpdate = """
        INSERT INTO \(cursorName) (ledger, node, sequence, sha256, last_position) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (ledger) DO UPDATE SET node = excluded.node, \
        sequence = excluded.sequence, sha256 = excluded.sha256, \
        last_position = excluded.last_position
        """

    private static let key = "\(CDRColumn.id.rawValue), \(CDRColumn.revision.rawValue)"

    private func type(of column: Column) -> String {
        switch column {
        case .record(let column): type(of: column)
        case .price(.ratedSeconds): "BIGINT"
        // Money is a decimal fraction, which a floating-point number only comes near.
        case .price(.rate), .price(.amount): dialect.money
        case .price(.currency), .price(.deck): "TEXT"
        }
    }

    private func type(of column: CDRColumn) -> String {
        switch column {
        case .revision, .attempt, .firstPosition, .lastPosition, .setup, .talk, .hold, .code,
            .q850, .endUncertainty, .inUseAtSeizure, .capAtSeizure:
            "BIGINT"
        case .seizedAt, .rangAt, .answeredAt, .endedAt, .releasedAt: dialect.instant
        case .id, .supersedes, .call, .node, .trunk, .carrier, .direction, .account,
            .dialerReference, .aRaw, .aE164, .bRaw, .bE164, .did, .sipCallID, .fromTag, .toTag,
            .remoteAddress, .disposition, .reason, .endedBy, .endSource, .codec, .flags,
            .dialerCallID:
            "TEXT"
        }
    }
}

extension CDRValue {
    /// As it stands in a database, whose texts hold no NUL. What is empty in CSV is NULL there.
    var columnText: String {
        let text = self.text
        guard text.utf8.contains(0) else { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            clean.append(scalar.value == 0 ? "\u{FFFD}" : scalar)
        }
        return String(clean)
    }
}
