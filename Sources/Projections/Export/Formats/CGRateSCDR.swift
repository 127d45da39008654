import Crypto
import Ledger
import TrunkEvents

/// A row as CGRateS holds it: one event of a call, not priced yet.
///
/// CSV has the 14 columns of its sample exporters, without a header. JSON has every field of its
/// external CDR under its own name. Usage is a duration in Go's notation.
struct CGRateSCDR {
    private let row: CDRRow
    private let originHost: String

    init(_ row: CDRRow) {
        self.row = row
        originHost = row.node?.description ?? ""
    }

    func write(to csv: inout CSVWriter) {
        let account = row.account.description
        let fields = [
            cgrID, Self.runID, Self.typeOfRecord, row.id, Self.requestType, Self.tenant,
            Self.category, account, account, row.calledNumber, row.seizedAt.utcText,
            row.answeredAt?.utcText ?? "", usage, String(Self.noCost),
        ]
        for field in fields { csv.field(field) }
        csv.endLine()
    }

    func write(to json: inout JSONWriter) {
        json.beginObject()
        let texts = [
            ("CGRID", cgrID), ("RunID", Self.runID), ("OriginHost", originHost),
            ("Source", "trunkledger"), ("OriginID", row.id), ("ToR", Self.typeOfRecord),
            ("RequestType", Self.requestType), ("Tenant", Self.tenant),
            ("Category", Self.category), ("Account", row.account.description),
            ("Subject", row.account.description), ("Destination", row.calledNumber),
            ("SetupTime", row.seizedAt.utcText), ("AnswerTime", row.answeredAt?.utcText ?? ""),
            ("Usage", usage), ("ExtraInfo", row.reason.description), ("CostSource", ""),
            ("CostDetails", ""),
        ]
        for (name, text) in texts {
            json.key(name)
            json.string(text)
        }
        json.key("OrderID")
        json.integer(row.lastPosition.rawValue)
        for name in ["Partial", "PreRated"] {
            json.key(name)
            json.truth(false)
        }
        json.key("Cost")
        json.integer(Self.noCost)
        writeExtraFields(to: &json)
        json.endObject()
    }

    /// CGRateS has a text for each.
    private func writeExtraFields(to json: inout JSONWriter) {
        json.key("ExtraFields")
        json.beginObject()
        let columns: [CDRColumn] = [
            .call, .attempt, .revision, .trunk, .carrier, .direction, .aE164, .dialerReference,
            .sipCallID, .disposition, .code, .q850, .endedBy, .endSource,
        ]
        for column in columns {
            json.key(column.rawValue)
            json.string(row[column].text)
        }
        json.endObject()
    }

    /// CGRateS names an event by the SHA-1 of where it comes from; there is no secret in it.
    private var cgrID: String {
        Insecure.SHA1.hash(data: Array((row.id + originHost).utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    private var usage: String { Self.goDuration(milliseconds: row.talkMilliseconds) }

    /// `1h2m3.5s`, `250ms`, `0s`: as Go prints a duration, for one that is not negative.
    static func goDuration(milliseconds: Int64) -> String {
        if milliseconds == 0 { return "0s" }
        if milliseconds < 1_000 { return "\(milliseconds)ms" }
        let hours = milliseconds / 3_600_000
        let minutes = milliseconds / 60_000 % 60
        let whole = (hours > 0 ? "\(hours)h" : "") + (milliseconds >= 60_000 ? "\(minutes)m" : "")
        return whole + "\(milliseconds / 1_000 % 60)\(fraction(milliseconds % 1_000))s"
    }

    private static func fraction(_ thousandths: Int64) -> String {
        if thousandths == 0 { return "" }
        var digits = String(1_000 + thousandths).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "." + digits
    }

    private static let runID = "*default"
    private static let typeOfRecord = "*voice"
    /// Priced, but charged to no balance.
    private static let requestType = "*rated"
    private static let tenant = "cgrates.org"
    private static let category = "call"
    /// What CGRateS has before it has priced an event.
    private static let noCost = -1
}
