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
}
