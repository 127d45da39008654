import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct VICIdialCarrierLogTests {
    @Test func linesAreRowsOfTheTable() {
        let head = "1795356185.1042,2026-11-22 14:03:05,,42,"
        let lines = [
            "uniqueid,call_date,server_ip,lead_id,hangup_cause,dialstatus,channel,dial_time,"
                + "answered_time,sip_hangup_cause,sip_hangup_reason,caller_code",
            head + "16,ANSWER,SIP/alpha-1-00000412,80,75,200,,V1221403050000000042",
            head + "17,BUSY,SIP/alpha-1-00000412,4,0,486,,V1221403050000000042",
            head + "19,NOANSWER,SIP/alpha-1-00000412,4,0,480,,V1221403050000000042",
            head + "41,CHANUNAVAIL,SIP/alpha-1-00000412,4,0,500,,V1221403050000000042",
        ]
        let text = lines.map { $0 + "\r\n" }.joined()
        #expect(String(decoding: formatted(.vicidial, formatRows), as: UTF8.self) == text)
    }

    @Test(arguments: [
        ("V1221403050000000042", 42), ("M1122140305 00000042", 0), ("", 0), ("agent 7", 0),
        ("V11221403059999999999", 0),
    ])
    func leadIsTheEndOfACallerCode(code: String, lead: UInt64) {
        #expect(VICIdialCarrierLog.leadID(of: code) == lead)
    }

    @Test func anyTextReadsBackWithinTheColumnsBounds() throws {
        var row = formatRow(.busy, code: 486)
        row.reason = Octets(awkwardText)
        row.dialerReference = Octets(String(repeating: "é", count: 40))
        row.talkMilliseconds = 90_000_000
        let lines = try #require(strictCSV(formatted(.vicidial, [row]), lineEnd: "\r\n"))
        let fields = try #require(lines.last)
        #expect(fields.count == 12 && fields[10] == awkwardText)
        #expect(fields[11] == String(repeating: "é", count: 30))
        #expect(fields[7] == "65535" && fields[8] == "65535")
    }

    @Test func anyTrafficFitsTheTable() throws {
        let seed = Seed(for: "VICIdialCarrierLogTests")
        let rows = try fold(CallDetailRecords.self, CallGenerator.entries(seed, count: 600)).rows
        let lines = try #require(strictCSV(formatted(.vicidial, rows), lineEnd: "\r\n"))
        #expect(lines.count == rows.count + 1 && !rows.isEmpty)
        #expect(Set(lines.map { $0.first }).count == lines.count, "\(seed)")
        for fields in lines.dropFirst() {
            try #require(fields.count == 12, "\(seed)")
            #expect(fields[0].utf8.count <= 20 && isDateAndTime(fields[1]), "\(seed)")
            #expect(UInt32(fields[3]) != nil && UInt8(fields[4]) != nil, "\(seed)")
            #expect(fields[5].utf8.count <= 16 && fields[6].utf8.count <= 100, "\(seed)")
            for index in 7...9 { #expect(UInt16(fields[index]) != nil, "\(seed)") }
            #expect(fields[10].unicodeScalars.count <= 50, "\(seed)")
            #expect(fields[11].unicodeScalars.count <= 30, "\(seed)")
        }
    }
}
