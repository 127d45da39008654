import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

struct RouteTableTests {
    private func table(_ prefixes: [Octets]) -> RouteTable {
        RouteTable(
            prefixes.map { RouteConfiguration(prefix: $0, trunks: [alpha]) },
            plan: NumberingPlan(country: "1"))
    }

    private func prefix(
        _ table: RouteTable, _ number: Octets, _ kind: NormalizedNumber.Kind = .e164
    ) -> Octets? {
        table.route(for: NormalizedNumber(kind: kind, text: number))?.prefix
    }

    @Test func theLongestPrefixWins() {
        let table = table(["+1", "+1212", "+12", "+44", "+121255501"])
        #expect(prefix(table, "+12125550100") == "+121255501")
        #expect(prefix(table, "+12125560100") == "+1212")
        #expect(prefix(table, "+12995550100") == "+12")
        #expect(prefix(table, "+13055550100") == "+1")
        #expect(prefix(table, "+442079460958") == "+44")
        #expect(prefix(table, "+33123456789") == nil)
    }

    @Test func theEmptyPrefixTakesTheRest() {
        let table = table(["", "+1"])
        #expect(prefix(table, "1001", .asDialled) == "")
        #expect(prefix(table, "+12125550100") == "+1")
    }

    @Test func emergencyCallsGoHomeWithoutARouteOfTheirOwn() {
        #expect(prefix(table(["+1", "+44"]), "911", .emergency) == "+1")
        #expect(prefix(table(["+1", "911"]), "911", .emergency) == "911")
        #expect(prefix(table(["+44"]), "911", .emergency) == nil)
    }

    @Test func ofTwoWithOnePrefixTheFirstCounts() {
        let table = RouteTable([
            RouteConfiguration(prefix: "+1", trunks: [beta]),
            RouteConfiguration(prefix: "+1", trunks: [alpha]),
        ])
        let route = table.route(for: NormalizedNumber(kind: .e164, text: "+12125550100"))
        #expect(route?.trunks == [beta])
    }

    @Test func agreesWithALinearSearch() {
        var random = Seed(for: "RouteTable").generator()
        for _ in 0..<300 {
            let prefixes = (0..<20).map { _ in Self.digits(0...4, &random) }
            let table = table(prefixes)
            for _ in 0..<20 {
                let number = Self.digits(0...6, &random)
                let longest = prefixes.filter { number.bytes.starts(with: $0.bytes) }
                    .max { $0.count < $1.count }
                #expect(prefix(table, number) == longest)
            }
        }
    }

    private static func digits(
        _ counts: ClosedRange<Int>, _ random: inout SeededGenerator
    ) -> Octets {
        let count = Int.random(in: counts, using: &random)
        return Octets((0..<count).map { _ in UInt8.random(in: 48...50, using: &random) })
    }
}
