import TrunkEvents

/// A row as FreeSWITCH's `mod_cdr_csv` writes it with the template `example`, which its sample
/// configuration names: 15 columns, each in quotes, no header.
///
/// The leg on the trunk is the row's own. Its `uuid` is the CDR's id, since importers take a
/// second row with the same one for a duplicate; the call's id stands in `bleg_uuid`.
enum FreeSWITCHCDR {
    static func write(_ row: CDRRow, to csv: inout CSVWriter) {
        let fields = [
            row.callingNumber, row.callingNumber, row.calledNumber, row.direction.description,
            row.seizedAt.utcSecondsText, row.answeredAt?.utcSecondsText ?? "",
            row.endedAt.utcSecondsText, String(row.lengthSeconds), String(row.talkSeconds),
            HangupCause.freeSWITCHName(of: row), row.id, row.call.description,
            row.account.description, row.codec.description, row.codec.description,
        ]
        for field in fields { csv.quotedField(field) }
        csv.endLine()
    }
}
