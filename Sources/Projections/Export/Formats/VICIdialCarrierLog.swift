import Ledger
import TrunkEvents

/// A row of VICIdial's table `vicidial_carrier_log`, every field within its column's bounds. The
/// header has the table's names.
enum VICIdialCarrierLog {
    static func writeHeader(to csv: inout CSVWriter) {
        let names = [
            "uniqueid", "call_date", "server_ip", "lead_id", "hangup_cause", "dialstatus",
            "channel", "dial_time", "answered_time", "sip_hangup_cause", "sip_hangup_reason",
            "caller_code",
        ]
        for name in names { csv.field(name) }
        csv.endLine()
    }

    static func write(_ row: CDRRow, to csv: inout CSVWriter) {
        let callerCode = row.dialerReference.description
        csv.field(uniqueID(of: row))
        csv.field(row.seizedAt.utcSecondsText)
        // The dialer's own address, which no message needs to tell us.
        csv.field("")
        csv.field(String(leadID(of: callerCode)))
        csv.field(String(HangupCause.q850(of: row)))
        csv.field(dialStatus(row.disposition))
        csv.field(bounded(row.channelName, to: 100))
        csv.field(String(smallInteger(row.lengthSeconds)))
        csv.field(String(smallInteger(row.talkSeconds)))
        csv.field(String(row.code?.rawValue ?? 0))
        csv.field(bounded(row.reason.description, to: 50))
        csv.field(bounded(callerCode, to: 30))
        csv.endLine()
    }

    /// The second of the seizure, by whose ten digits VICIdial's reports join, and the position.
    /// Nine digits of it fit the column of 20 and tell the attempts of a second apart, so that an
    /// `INSERT IGNORE` drops no failover leg.
    static func uniqueID(of row: CDRRow) -> String {
        let seconds = row.seizedAt.nanoseconds / 1_000_000_000
        return "\(seconds).\(row.seizedPosition.rawValue % 1_000_000_000)"
    }

    /// A caller code is a letter, nine digits of the time and ten of the lead; 0 for another text.
    static func leadID(of callerCode: String) -> UInt64 {
        let digits = callerCode.utf8.dropFirst()
        guard digits.count == 19, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return 0
        }
        return UInt64(callerCode.suffix(10)) ?? 0
    }

    /// Asterisk's `DIALSTATUS`.
    static func dialStatus(_ disposition: Disposition) -> String {
        switch disposition {
        case .answered: "ANSWER"
        case .busy: "BUSY"
        case .noAnswer: "NOANSWER"
        case .cancelled: "CANCEL"
        case .carrierFull: "CONGESTION"
        case .rejected, .failed: "CHANUNAVAIL"
        }
    }

    /// `VARCHAR` counts code points.
    private static func bounded(_ text: String, to count: Int) -> String {
        String(Substring(text.unicodeScalars.prefix(count)))
    }

    /// A `SMALLINT UNSIGNED` ends at 18.2 hours.
    private static func smallInteger(_ seconds: Int64) -> Int64 { min(max(seconds, 0), 65_535) }
}
