import Testing
import TrunkEvents

@testable import Projections

@Suite struct FactKindsTests {
    @Test func everyKindHasItsBit() {
        for kind in FactKind.allCases {
            let alone: FactKinds = [kind]
            #expect(FactKind.allCases.filter(alone.contains) == [kind])
            #expect(alone.all == [kind])
        }
    }
}
