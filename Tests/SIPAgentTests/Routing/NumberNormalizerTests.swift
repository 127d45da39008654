import Testing
import TrunkEvents

@testable import SIPAgent

struct NumberNormalizerTests {
    private func plan(_ country: Octets) -> NumberNormalizer {
        NumberNormalizer(
            NumberingPlan(
                country: country, internationalPrefixes: country == "1" ? ["00", "011"] : ["00"],
                emergencyNumbers: ["911", "112"]))
    }

    @Test(arguments: [
        ("+12125550100", "+12125550100"), ("2125550100", "+12125550100"),
        ("12125550100", "+12125550100"), ("011442079460958", "+442079460958"),
        ("00442079460958", "+442079460958"), ("+1 2125550100", nil),
        ("+1-212-555.0100", "+12125550100"), ("(212)555-0100", "+12125550100"),
        ("%2B12125550100", "+12125550100"), ("2125550100;npdi;rn=x", "+12125550100"),
        ("5550100", nil), ("1125550100", nil), ("442079460958", nil), ("22125550100", nil),
        ("alice", nil), ("*97", nil), ("1001", nil), ("", nil), ("+", nil), ("1+2", nil),
    ] as [(String, String?)])
    func inNorthAmerica(_ dialled: String, _ expected: String?) {
        let number = plan("1").normalize(Octets(dialled))
        #expect(number.kind == (expected == nil ? .asDialled : .e164))
        #expect(number.text.description == expected ?? dialled)
    }

    @Test(arguments: [
        ("44", "02079460958", "+442079460958"), ("44", "442079460958", "+442079460958"),
        ("44", "2079460958", "+442079460958"), ("49", "03012345678", "+493012345678"),
        ("39", "0612345678", "+390612345678"), ("47", "22123456", "+4722123456"),
        ("47", "4722123456", "+4722123456"), ("45", "45123456", "+4545123456"),
        ("44", "00442079460958", "+442079460958"), ("44", "01159", nil), ("44", "150", nil),
        ("", "2125550100", nil), ("", "+12125550100", "+12125550100"),
    ] as [(String, String, String?)])
    func elsewhere(_ country: String, _ dialled: String, _ expected: String?) {
        let number = plan(Octets(country)).normalize(Octets(dialled))
        #expect(number.text.description == expected ?? dialled)
    }

    @Test func emergencyNumbersStayAsTheyAre() {
        #expect(plan("1").normalize("911") == NormalizedNumber(kind: .emergency, text: "911"))
        #expect(plan("44").normalize("112") == NormalizedNumber(kind: .emergency, text: "112"))
        #expect(plan("1").normalize("+911").kind == .e164)
    }

    @Test func whatIsNormalisedStaysSo() {
        for dialled in ["2125550100", "011442079460958", "911", "alice", "5550100"] {
            let once = plan("1").normalize(Octets(dialled))
            #expect(plan("1").normalize(once.text) == once)
        }
    }
}
