import Testing
import TrunkEvents

@testable import Projections

@Suite struct MoneyTests {
    @Test(arguments: [
        ("0.0125", 1_250_000), ("3", 300_000_000), (".5", 50_000_000), ("-0.1", -10_000_000),
        ("1.0000000000", 100_000_000), ("92233720368.54775807", Int64.max),
    ])
    func decimals(text: String, units: Int64) {
        #expect(Money(decimal: text.utf8) == Money(units: units))
    }

    @Test(arguments: ["", ".", "1.2.3", "1e3", "0.123456789", "$1", "92233720368.54775808", "--1"])
    func whatIsNoAmount(text: String) {
        #expect(Money(decimal: text.utf8) == nil)
    }

    @Test func text() {
        #expect(Money(units: 1_250_000).description == "0.0125")
        #expect(Money(units: -300_000_000).description == "-3.00")
        #expect(Money(units: 1).description == "0.00000001")
    }

    /// Numerator over 10: up, down, nearest, even.
    @Test(arguments: [
        (24, [3, 2, 2, 2]), (25, [3, 2, 3, 2]), (35, [4, 3, 4, 4]), (26, [3, 2, 3, 3]),
        (20, [2, 2, 2, 2]), (-25, [-3, -2, -3, -2]),
    ])
    func roundingRules(numerator: Int, expected: [Int]) {
        let rules: [RoundingRule] = [.up, .down, .nearest, .even]
        #expect(rules.map { Int($0.quotient(Int128(numerator), by: 10)) } == expected)
    }
}
