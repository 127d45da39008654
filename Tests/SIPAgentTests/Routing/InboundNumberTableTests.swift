import Testing
import TrunkEvents

@testable import SIPAgent

struct InboundNumberTableTests {
    @Test func findsANumberHoweverItIsWritten() {
        let normalizer = NumberNormalizer(NumberingPlan(country: "1"))
        let vicidial = ShortName("vicidial")!
        let table = InboundNumberTable(
            [
                InboundNumberConfiguration(number: "+12125550100", dialer: vicidial),
                InboundNumberConfiguration(number: "2125550100", dialer: ShortName("later")!),
            ], normalizer: normalizer)
        for written: Octets in ["2125550100", "12125550100", "+1-212-555-0100"] {
            #expect(table.dialer(for: normalizer.normalize(written)) == vicidial)
        }
        #expect(table.dialer(for: normalizer.normalize("2125550101")) == nil)
    }
}
