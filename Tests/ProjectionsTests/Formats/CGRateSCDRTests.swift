import Foundation
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

@Suite struct CGRateSCDRTests {
    /// `printf pbx1-1042pbx1 | sha1sum`
    private let id = "22f69d3b6003bf4578b7acf9df507bae9df65adf"

    @Test func linesAreThoseOfTheSampleExporters() {
        let head = "\(id),*default,*voice,pbx1-1042,*rated,cgrates.org,call,7,7,+13055550101,"
        let unanswered = "2026-11-22T14:03:05.250Z,,0s,-1\n"
        let answered = "2026-11-22T14:03:05.250Z,2026-11-22T14:03:10.150Z,1m15.547s,-1\n"
        let text = [answered, unanswered, unanswered, unanswered].map { head + $0 }.joined()
        #expect(String(decoding: formatted(.cgratesCSV, formatRows), as: UTF8.self) == text)
    }

    @Test func objectIsAnExternalCDR() {
        let text = """
            {"CGRID":"\(id)","RunID":"*default","OriginHost":"pbx1","Source":"trunkledger",\
            "OriginID":"pbx1-1042","ToR":"*voice","RequestType":"*rated","Tenant":"cgrates.org",\
            "Category":"call","Account":"7","Subject":"7","Destination":"+13055550101",\
            "SetupTime":"2026-11-22T14:03:05.250Z","AnswerTime":"","Usage":"0s","ExtraInfo":"",\
            "CostSource":"","CostDetails":"","OrderID":1050,"Partial":false,"PreRated":false,\
            "Cost":-1,"ExtraFields":{"call_id":"\(callID(1))","attempt_no":"1","rev":"1",\
            "trunk":"alpha-1","carrier":"alpha","direction":"outbound","a_e164":"+12125550100",\
            "dialer_ref":"V1221403050000000042","sip_call_id":"","disposition":"BUSY",\
            "sip_code":"486","q850":"17","ended_by":"remote","end_source":"final_response"}}

            """
        #expect(String(decoding: formatted(.cgratesJSON, [formatRows[1]]), as: UTF8.self) == text)
    }

    @Test(arguments: [
        (0, "0s"), (1, "1ms"), (999, "999ms"), (1_000, "1s"), (1_050, "1.05s"),
        (60_000, "1m0s"), (75_547, "1m15.547s"), (3_600_000, "1h0m0s"), (7_384_100, "2h3m4.1s"),
    ])
    func usageIsADurationOfGo(milliseconds: Int64, text: String) {
        #expect(CGRateSCDR.goDuration(milliseconds: milliseconds) == text)
    }

    @Test func anyTextReadsBack() throws {
        var row = formatRow(.busy, code: 486)
        row.account = Octets(awkwardText)
        let fields = try #require(strictCSV(formatted(.cgratesCSV, [row]), lineEnd: "\n")).first
        #expect(fields?.count == 14 && fields?[7] == awkwardText && fields?[8] == awkwardText)
        let json = Data(formatted(.cgratesJSON, [row]))
        let object = try JSONSerialization.jsonObject(with: json) as? [String: Any]
        #expect(object?["Account"] as? String == awkwardText)
    }

    @Test func anyTrafficHasTheFieldsAndTypes() throws {
        let seed = Seed(for: "CGRateSCDRTests")
        let rows = try fold(CallDetailRecords.self, CallGenerator.entries(seed, count: 600)).rows
        let lines = try #require(strictCSV(formatted(.cgratesCSV, rows), lineEnd: "\n"))
        let objects = formatted(.cgratesJSON, rows).split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == rows.count && objects.count == rows.count && !rows.isEmpty)
        for (index, fields) in lines.enumerated() {
            try #require(fields.count == 14, "\(seed)")
            #expect(WallInstant(utcText: fields[10]) != nil, "\(seed)")
            #expect(fields[11].isEmpty == (WallInstant(utcText: fields[11]) == nil), "\(seed)")
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(objects[index])) as? [String: Any])
            #expect(object.count == 23 && object["OrderID"] is Int, "\(seed)")
            #expect(object["CGRID"] as? String == fields[0], "\(seed)")
            #expect(object["Usage"] as? String == fields[12], "\(seed)")
            #expect(object["ExtraFields"] is [String: String], "\(seed)")
        }
    }
}
