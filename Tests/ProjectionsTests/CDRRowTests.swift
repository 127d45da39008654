import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct CDRRowTests {
    @Test func idsReadBack() {
        let id = CDRID(node: ShortName("pbx-eu-1")!, position: Position(rawValue: 1042))
        #expect(id.description == "pbx-eu-1-1042")
        #expect(CDRID("pbx-eu-1-1042") == id)
        let others = [
            "", "1042", "-1042", "pbx1-", "pbx1-x", "pbx1-+1", "pbx1-99999999999999999999",
        ]
        for text in others { #expect(CDRID(text) == nil, "\(text)") }
    }

    @Test func itReadsBackWhateverIsAbsentOrBeforeTheSeizure() throws {
        var row = CDRRow(
            node: nil, seizedPosition: Position(rawValue: 9), call: callID(1), attempt: .first,
            firstPosition: Position(rawValue: 20), lastPosition: .first, trunk: alpha1,
            carrier: nil, direction: .inbound, seizedAt: after(10), endedAt: after(-5_000),
            releasedAt: after(-9_000), disposition: .failed, endedBy: .agent,
            endSource: .recovery, inUseAtSeizure: .max, capAtSeizure: 0)
        #expect(try CDRRow(decoding: row.encoded) == row)
        row.node = ShortName("pbx1")
        row.carrier = alpha
        row.remote = carrierEnd
        row.rangAt = WallInstant(nanoseconds: .max)
        row.answeredAt = WallInstant(nanoseconds: .min)
        row.code = .code(699)
        row.q850 = .interworking
        row.setupMilliseconds = .min
        row.reason = Octets([UInt8](repeating: 0xFF, count: 1_000))
        row.answeredAfterCancel = true
        row.isContinued = true
        let bytes = row.encoded
        #expect(try CDRRow(decoding: bytes) == row)
        for count in 0..<bytes.count {
            #expect(throws: StateDecodingError.self) {
                try CDRRow(decoding: Array(bytes[..<count]))
            }
        }
        #expect(throws: StateDecodingError.invalidValue(offset: 0)) {
            try CDRRow(decoding: [bytes[0] | 128] + bytes.dropFirst())
        }
    }
}
