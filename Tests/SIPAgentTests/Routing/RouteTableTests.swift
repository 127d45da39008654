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
        let number = NormalizedNumber(kind: kind, text: number)
        return table.route(for: number, at: WallInstant(nanoseconds: 0))?.prefix
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
        let route = table.route(
            for: NormalizedNumber(kind: .e164, text: "+12125550100"),
            at: WallInstant(nanoseconds: 0))
        #expect(route?.trunks.map(\.name) == [beta])
    }

    /// 1970 began on a Thursday; each hour of the test is that of 1970-01-01.
    @Test(arguments: [
        (7, "+1"), (8, "+1212"), (17, "+1212"), (18, "+1"), (22, "+1"), (23, ""),
    ] as [(Int64, Octets)])
    func outsideItsHoursARouteIsNotThere(hour: Int64, expected: Octets) {
        var office = WeeklyHours()
        office.insert(from: 3 * WeeklyHours.minutesPerDay + 480, minutes: 600)
        var day = WeeklyHours()
        day.insert(from: 3 * WeeklyHours.minutesPerDay, minutes: 23 * 60)
        let table = RouteTable([
            RouteConfiguration(
                prefix: "+1212", hours: office, trunks: [RouteTrunk(name: alpha)]),
            RouteConfiguration(prefix: "+1", hours: day, trunks: [RouteTrunk(name: alpha)]),
            RouteConfiguration(prefix: "", trunks: [beta]),
        ])
        let route = table.route(
            for: NormalizedNumber(kind: .e164, text: "+12125550100"),
            at: WallInstant(nanoseconds: hour * 3_600_000_000_000))
        #expect(route?.prefix == expected)
    }

    @Test func ofTwoWithOnePrefixTheFirstOpenOneCounts() {
        var night = WeeklyHours()
        night.insert(from: 0, minutes: 60)
        let table = RouteTable([
            RouteConfiguration(prefix: "+1", hours: night, trunks: [RouteTrunk(name: beta)]),
            RouteConfiguration(prefix: "+1", trunks: [alpha]),
        ])
        let route = table.route(
            for: NormalizedNumber(kind: .e164, text: "+12125550100"),
            at: WallInstant(nanoseconds: 0))
        #expect(route?.trunks.map(\.name) == [alpha])
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
