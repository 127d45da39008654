import Testing
import TrunkEvents

@testable import SIPAgent

struct NumberWriterTests {
    private static let plan = NumberingPlan(
        country: "1", internationalPrefixes: ["011"], emergencyNumbers: ["911"])
    private let writer = NumberWriter(plan)
    private let normalizer = NumberNormalizer(plan)

    private func write(_ dialled: Octets, _ rules: NumberRules) -> String {
        let number = normalizer.normalize(dialled)
        return Octets(writer.write(number, asSent: dialled.bytes[...], rules)).description
    }

    @Test(arguments: [
        ("2125550100", .e164, "+12125550100"), ("2125550100", .plain, "12125550100"),
        ("2125550100", .national, "2125550100"), ("12125550100", .asSent, "12125550100"),
        ("12125550100", .national, "2125550100"), ("011442079460958", .e164, "+442079460958"),
        ("+442079460958", .plain, "442079460958"),
        ("+442079460958", .national, "011442079460958"), ("1001", .e164, "1001"),
        ("1001", .plain, "1001"), ("911", .plain, "911"), ("alice", .national, "alice"),
    ] as [(Octets, NumberFormat, String)])
    func formats(dialled: Octets, format: NumberFormat, written: String) {
        #expect(write(dialled, NumberRules(format: format)) == written)
    }

    @Test(arguments: [
        ("2125550100", NumberRules(techPrefix: "8899#"), "8899%23+12125550100"),
        ("2125550100", NumberRules(format: .plain, strip: 1, prefix: "9"), "92125550100"),
        (
            "2125550100", NumberRules(format: .plain, strip: 4, prefix: "00", techPrefix: "77"),
            "77005550100"
        ),
        ("1001", NumberRules(strip: 20), "1"),
        ("911", NumberRules(strip: 1, prefix: "9", techPrefix: "77"), "911"),
    ] as [(Octets, NumberRules, String)])
    func stripComesFirstThenPrefixThenTechPrefix(
        dialled: Octets, rules: NumberRules, written: String
    ) {
        #expect(write(dialled, rules) == written)
    }

    @Test func withoutAPlanEveryNumberIsForeign() {
        let writer = NumberWriter(NumberingPlan())
        let number = NormalizedNumber(kind: .e164, text: "+12125550100")
        #expect(writer.write(number, asSent: [], .national) == Array("+12125550100".utf8))
    }
}
