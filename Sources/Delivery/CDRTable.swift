internal import Projections

/// The table of CDRs and the table of cursors, as SQL.
struct CDRTable {
    static let name = "trunkledger_cdr"
    static let cursorName = "trunkledger_delivery"

    /// What one database calls its types.
    struct Dialect {
        var instant: String

        static let sqlite = Dialect(instant: "TEXT")
        static let postgresql = Dialect(instant: "TIMESTAMPTZ")
    }

    let dialect: Dialect

    /// A CDR is known by its id and revision; a correction is a row of its own.
    var definition: String {
        let columns = CDRColumn.allCases.map { "\($0.rawValue) \(type(of: $0))" }
        return "CREATE TABLE IF NOT EXISTS \(Self.name) (\(columns.joined(separator: ", ")), "
            + "PRIMARY KEY (\(Self.key)))"
    }

    /// One row per ledger: the last batch that is in the table, written with its rows.
    static let cursorDefinition = """
        CREATE TABLE IF NOT EXISTS \(cursorName) (ledger TEXT PRIMARY KEY, node TEXT, \
        sequence BIGINT NOT NULL, sha256 TEXT NOT NULL, last_position BIGINT NOT NULL)
        """

    static let columns = CDRColumn.allCases.map(\.rawValue).joined(separator: ", ")

    /// What to do with a row that is there already.
    static let onConflict: String = {
        let rest = CDRColumn.allCases.filter { $0 != .id && $0 != .revision }
        let settings = rest.map { "\($0.rawValue) = excluded.\($0.rawValue)" }
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
