import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct AsteriskCDRTests {
    @Test func linesAreThoseOfMasterCSV() {
        let parties =
            "\"7\",\"+12125550100\",\"+13055550101\",\"outbound\",\"+12125550100\",\"\","
            + "\"SIP/alpha-1-00000412\",\"Dial\",\"SIP/alpha-1/+13055550101\","
        let tail = ",\"DOCUMENTATION\",\"pbx1-1042\",\"V1221403050000000042\"\n"
        let unanswered = "\"2026-11-22 14:03:05\",,\"2026-11-22 14:03:10\",4,0,"
        let lines = [
            "\"2026-11-22 14:03:05\",\"2026-11-22 14:03:10\",\"2026-11-22 14:04:25\",80,75,"
                + "\"ANSWERED\"",
            unanswered + "\"BUSY\"", unanswered + "\"NO ANSWER\"", unanswered + "\"FAILED\"",
        ]
        let text = lines.map { parties + $0 + tail }.joined()
        #expect(String(decoding: formatted(.asterisk, formatRows), as: UTF8.self) == text)
    }

    @Test func inboundCallsComeFromTheTrunk() throws {
        var row = formatRow(.answered, code: 200)
        row.direction = .inbound
        row.did = "+12125550199"
        let fields = try #require(strictCSV(formatted(.asterisk, [row]), lineEnd: "\n")).first
        #expect(fields?[2] == "+12125550199")
        #expect(fields?[5] == "SIP/alpha-1-00000412" && fields?[6] == "" && fields?[8] == "")
    }

    @Test func anyTextReadsBack() throws {
        var row = formatRow(.busy, code: 486)
        row.account = Octets(awkwardText)
        row.dialerReference = Octets(awkwardText)
        let fields = try #require(strictCSV(formatted(.asterisk, [row]), lineEnd: "\n")).first
        #expect(fields?.count == 18)
        #expect(fields?.first == awkwardText && fields?.last == awkwardText)
    }

    @Test func anyTrafficHasTheColumnsAndTypes() throws {
        let seed = Seed(for: "AsteriskCDRTests")
        let rows = try fold(CallDetailRecords.self, CallGenerator.entries(seed, count: 600)).rows
        let lines = try #require(strictCSV(formatted(.asterisk, rows), lineEnd: "\n"))
        #expect(lines.count == rows.count && !lines.isEmpty)
        for fields in lines {
            try #require(fields.count == 18, "\(seed)")
            #expect(isDateAndTime(fields[9]) && isDateAndTime(fields[11]), "\(seed)")
            #expect(isDateAndTime(fields[10]) == (fields[14] == "ANSWERED"), "\(seed)")
            let length = try #require(UInt32(fields[12]), "\(seed)")
            #expect(try #require(UInt32(fields[13]), "\(seed)") <= length, "\(seed)")
            #expect(["ANSWERED", "BUSY", "NO ANSWER", "FAILED"].contains(fields[14]), "\(seed)")
        }
    }
}
