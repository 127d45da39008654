import Foundation
import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct CDRColumnTests {
    private func row() throws -> CDRRow {
        let call = CallScript()
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha)
        log.add(0, call.started)
        log.add(0, call.seized())
        log.add(0, call.sent)
        log.add(250, call.failed(.rejected, 486, q850: .userBusy, reason: "Busy, \"really\""))
        log.add(250, call.released())
        return try #require(try fold(CallDetailRecords.self, log.entries).rows.first)
    }

    @Test func namesAreTheContract() {
        let names = """
            cdr_id rev supersedes call_id attempt_no seq_first seq_last node trunk carrier \
            direction acct dialer_ref a_raw a_e164 b_raw b_e164 did sip_call_id from_tag to_tag \
            remote_addr t_seize t_ring t_answer t_end t_release setup_ms talk_ms hold_ms \
            disposition sip_code q850 reason_text ended_by end_source end_uncertainty_ms \
            in_use_at_seize cap_at_seize codec flags dialer_call_id
            """
        #expect(CDRColumn.allCases.map(\.rawValue).joined(separator: " ") == names)
    }

    @Test func csvLine() throws {
        var csv = CSVWriter()
        try RatedCDR(unrated: row()).write(to: &csv, isRated: false)
        let call = callID(1)
        let fields = [
            "pbx1-4", "1", "", "\(call)", "1", "3", "7", "pbx1", "alpha-1", "alpha", "outbound",
            "7", "M1122", "2125550100", "+12125550100", "13055550101", "+13055550101", "",
            "called@host", "our-tag", "", "127.0.0.3:5070", "2026-11-22T14:00:00.000Z", "", "",
            "2026-11-22T14:00:00.250Z", "2026-11-22T14:00:00.250Z", "250", "0", "250", "BUSY",
            "486", "17", "\"Busy, \"\"really\"\"\"", "remote", "final_response", "0", "1", "50",
            "", "", "caller@host",
        ]
        let line = fields.joined(separator: ",") + "\r\n"
        #expect(String(decoding: csv.bytes, as: UTF8.self) == line)
    }

    @Test func jsonObject() throws {
        var json = JSONWriter()
        try RatedCDR(unrated: row()).write(to: &json, isRated: false)
        let object = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any]
        #expect(object?.count == CDRColumn.allCases.count)
        #expect(object?["cdr_id"] as? String == "pbx1-4")
        #expect(object?["sip_code"] as? Int == 486)
        #expect(object?["t_answer"] is NSNull && object?["supersedes"] is NSNull)
        #expect(object?["reason_text"] as? String == "Busy, \"really\"")
        #expect((object?["flags"] as? [Any])?.isEmpty == true)
    }
}
