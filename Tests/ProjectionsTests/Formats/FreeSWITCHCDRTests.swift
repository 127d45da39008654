import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct FreeSWITCHCDRTests {
    @Test func linesAreThoseOfTheExampleTemplate() {
        let parties = "\"+12125550100\",\"+12125550100\",\"+13055550101\",\"outbound\","
        let unanswered = "\"2026-11-22 14:03:05\",\"\",\"2026-11-22 14:03:10\",\"4\",\"0\","
        let tail = ",\"pbx1-1042\",\"\(callID(1))\",\"7\","
        let lines = [
            "\"2026-11-22 14:03:05\",\"2026-11-22 14:03:10\",\"2026-11-22 14:04:25\",\"80\","
                + "\"75\",\"NORMAL_CLEARING\"\(tail)\"PCMU\",\"PCMU\"\n",
            unanswered + "\"USER_BUSY\"\(tail)\"\",\"\"\n",
            unanswered + "\"NO_ANSWER\"\(tail)\"\",\"\"\n",
            unanswered + "\"NORMAL_TEMPORARY_FAILURE\"\(tail)\"\",\"\"\n",
        ]
        let text = lines.map { parties + $0 }.joined()
        #expect(String(decoding: formatted(.freeswitch, formatRows), as: UTF8.self) == text)
    }

    @Test func anyTextReadsBack() throws {
        var row = formatRow(.busy, code: 486)
        row.account = Octets(awkwardText)
        let fields = try #require(strictCSV(formatted(.freeswitch, [row]), lineEnd: "\n")).first
        #expect(fields?.count == 15 && fields?[12] == awkwardText)
    }

    @Test func anyTrafficHasTheColumnsAndTypes() throws {
        let seed = Seed(for: "FreeSWITCHCDRTests")
        let rows = try fold(CallDetailRecords.self, CallGenerator.entries(seed, count: 600)).rows
        let lines = try #require(strictCSV(formatted(.freeswitch, rows), lineEnd: "\n"))
        #expect(lines.count == rows.count && !lines.isEmpty)
        #expect(Set(lines.map { $0[10] }).count == Set(rows.map(\.id)).count, "\(seed)")
        for (fields, row) in zip(lines, rows) {
            try #require(fields.count == 15, "\(seed)")
            #expect(isDateAndTime(fields[4]) && isDateAndTime(fields[6]), "\(seed)")
            #expect(isDateAndTime(fields[5]) == (row.answeredAt != nil), "\(seed)")
            let length = try #require(UInt32(fields[7]), "\(seed)")
            #expect(try #require(UInt32(fields[8]), "\(seed)") <= length, "\(seed)")
            let isName = fields[9].utf8.allSatisfy { (0x41...0x5A).contains($0) || $0 == 0x5F }
            #expect(isName && !fields[9].isEmpty, "\(seed)")
        }
    }
}
