import Ledger
import TrunkEvents

@testable import Projections

/// An outbound row as the formats' tests expect it, seized at 14:03:05.250.
func formatRow(
    _ disposition: Disposition, code: UInt16?, q850: Q850Cause? = nil, talk: Int64 = 0
) -> CDRRow {
    let seized = WallInstant(utcText: "2026-11-22T14:03:05.250Z")!
    let at = { (milliseconds: Int64) in
        WallInstant(nanoseconds: seized.nanoseconds + milliseconds * 1_000_000)
    }
    let isAnswered = disposition == .answered
    var row = CDRRow(
        node: ShortName("pbx1"), seizedPosition: Position(rawValue: 1_042), call: callID(1),
        attempt: .first, firstPosition: Position(rawValue: 1_040),
        lastPosition: Position(rawValue: 1_050), trunk: alpha1, carrier: alpha,
        direction: .outbound, seizedAt: seized, answeredAt: isAnswered ? at(4_900) : nil,
        endedAt: at(4_900 + talk), releasedAt: at(4_900 + talk), disposition: disposition,
        endedBy: .remote, endSource: isAnswered ? .bye : .finalResponse, inUseAtSeizure: 1,
        capAtSeizure: 50)
    row.account = "7"
    row.dialerReference = "V1221403050000000042"
    row.aE164 = "+12125550100"
    row.bE164 = "+13055550101"
    row.code = code.flatMap { StatusCode(rawValue: $0) }
    row.q850 = q850
    row.setupMilliseconds = 4_900
    row.talkMilliseconds = talk
    row.codec = isAnswered ? "PCMU" : ""
    return row
}

/// The four ends of a call that every format is held against.
let formatRows = [
    formatRow(.answered, code: 200, q850: .normalClearing, talk: 75_547),
    formatRow(.busy, code: 486, q850: .userBusy),
    formatRow(.noAnswer, code: 480),
    formatRow(.failed, code: 500),
]

/// Reads RFC 4180 and nothing else; `nil` for a line that is not whole or a stray quote.
func strictCSV(_ bytes: [UInt8], lineEnd: String) -> [[String]]? {
    var rest = bytes[...]
    let end = Array(lineEnd.utf8)
    var rows: [[String]] = []
    var row: [String] = []
    while !rest.isEmpty {
        guard let field = strictField(&rest) else { return nil }
        row.append(field)
        if rest.first == UInt8(ascii: ",") {
            rest = rest.dropFirst()
        } else if rest.starts(with: end) {
            rest = rest.dropFirst(end.count)
            rows.append(row)
            row = []
        } else {
            return nil
        }
    }
    return row.isEmpty ? rows : nil
}

private func strictField(_ rest: inout ArraySlice<UInt8>) -> String? {
    var field: [UInt8] = []
    guard rest.first == UInt8(ascii: "\"") else {
        let plain = rest.prefix { ![0x2C, 0x0A, 0x0D, 0x22].contains($0) }
        rest = rest.dropFirst(plain.count)
        return String(validating: plain, as: UTF8.self)
    }
    rest = rest.dropFirst()
    while let byte = rest.popFirst() {
        guard byte == UInt8(ascii: "\"") else {
            field.append(byte)
            continue
        }
        guard rest.first == byte else { return String(validating: field, as: UTF8.self) }
        field.append(byte)
        rest = rest.dropFirst()
    }
    return nil
}

/// `2026-11-22 14:03:05`.
func isDateAndTime(_ text: String) -> Bool {
    let frame = "0000-00-00 00:00:00".utf8
    return text.utf8.count == frame.count
        && zip(text.utf8, frame).allSatisfy { byte, wanted in
            wanted == 0x30 ? (0x30...0x39).contains(byte) : byte == wanted
        }
}

/// A text that has all that CSV must quote, and letters beyond ASCII.
let awkwardText = "O'Brien, \"Zoë\"\r\nÅrhus\n東京"

func formatted(_ format: ExportFormat, _ rows: [CDRRow]) -> [UInt8] {
    let plan = CDRBatch.Plan(
        node: ShortName("pbx1")!, sequence: 1, format: format, firstPosition: 1,
        lastPosition: 2_000, completeUntil: WallInstant(nanoseconds: 0), previousSHA256: nil)
    var batch = CDRBatch(plan, isRated: false)
    for row in rows { batch.add(RatedCDR(unrated: row)) }
    return batch.take()
}
