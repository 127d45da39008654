import TrunkEvents

/// A row as Asterisk writes it into `Master.csv` with `usegmtime`, `loguniqueid` and `loguserfield`
/// set, as its sample configuration has them: 18 columns, texts quoted, numbers bare, no header.
enum AsteriskCDR {
    static func write(_ row: CDRRow, to csv: inout CSVWriter) {
        let isOutbound = row.direction == .outbound
        csv.quotedField(row.account.description)
        csv.quotedField(row.callingNumber)
        csv.quotedField(row.calledNumber)
        csv.quotedField(row.direction.description)
        csv.quotedField(row.callingNumber)
        // The dialer's own channel has a name in the dialer only.
        csv.quotedField(isOutbound ? "" : row.channelName)
        csv.quotedField(isOutbound ? row.channelName : "")
        csv.quotedField("Dial")
        csv.quotedField(isOutbound ? "SIP/\(row.trunk)/\(row.calledNumber)" : "")
        csv.quotedField(row.seizedAt.utcSecondsText)
        // What did not happen is empty and has no quotes.
        if let answeredAt = row.answeredAt {
            csv.quotedField(answeredAt.utcSecondsText)
        } else {
            csv.field("")
        }
        csv.quotedField(row.endedAt.utcSecondsText)
        csv.field(String(row.lengthSeconds))
        csv.field(String(row.talkSeconds))
        csv.quotedField(disposition(row.disposition))
        csv.quotedField("DOCUMENTATION")
        csv.quotedField(row.id)
        csv.quotedField(row.dialerReference.description)
        csv.endLine()
    }

    /// As Asterisk says it without the options `congestion` and `canceldispositionenabled`.
    static func disposition(_ disposition: Disposition) -> String {
        switch disposition {
        case .answered: "ANSWERED"
        case .busy: "BUSY"
        case .noAnswer, .cancelled: "NO ANSWER"
        case .carrierFull, .rejected, .failed: "FAILED"
        }
    }
}
