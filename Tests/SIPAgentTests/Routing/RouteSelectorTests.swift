import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

struct RouteSelectorTests {
    private static let gamma = TrunkName("gamma-1")!
    private static let none = RouteSelector.Load(inUse: 0, cap: 10)

    private func route(_ policy: RoutingPolicy, _ shares: [UInt32]) -> RouteConfiguration {
        let trunks = zip([alpha, beta, Self.gamma], shares)
            .map { RouteTrunk(name: $0, share: $1) }
        return RouteConfiguration(prefix: "+1", policy: policy, trunks: trunks)
    }

    /// The order of each of so many calls.
    private func orders(
        _ route: RouteConfiguration, calls: Int, seed: UInt64 = 1,
        load: (TrunkName) -> RouteSelector.Load = { _ in none }
    ) -> [[TrunkName]] {
        var selector = RouteSelector()
        var entropy = Entropy.seeded(seed)
        return (0..<calls).map { _ in selector.order(route, entropy: &entropy, load: load) }
    }

    private func firsts(_ orders: [[TrunkName]]) -> [TrunkName: Int] {
        orders.reduce(into: [:]) { $0[$1[0], default: 0] += 1 }
    }

    @Test(arguments: RoutingPolicy.allCases)
    func whateverThePolicyEveryTrunkIsAskedOnce(_ policy: RoutingPolicy) {
        for order in orders(route(policy, [50, 30, 20]), calls: 200) {
            #expect(Set(order) == [alpha, beta, Self.gamma] && order.count == 3)
        }
    }

    @Test func priorityIsAsWritten() {
        #expect(firsts(orders(route(.priority, [1, 1]), calls: 9)) == [alpha: 9])
    }

    @Test func roundRobinBeginsOneFurther() {
        let orders = orders(route(.roundRobin, [1, 1, 1]), calls: 4)
        #expect(
            orders == [
                [alpha, beta, Self.gamma], [beta, Self.gamma, alpha], [Self.gamma, alpha, beta],
                [alpha, beta, Self.gamma],
            ])
    }

    @Test func percentIsExactOverHundredCallsAndEvenWithin() {
        let orders = orders(route(.percent, [70, 25, 5]), calls: 300)
        for hundred in 0..<3 {
            let part = Array(orders[hundred * 100..<(hundred + 1) * 100])
            #expect(firsts(part) == [alpha: 70, beta: 25, Self.gamma: 5])
        }
        for tenth in stride(from: 0, to: 300, by: 10) {
            let count = firsts(Array(orders[tenth..<tenth + 10]))[alpha] ?? 0
            #expect((6...8).contains(count))
        }
    }

    @Test func weightsAreKeptOnTheWholeAndZeroIsTheLastResort() {
        let seed = Seed(for: "RouteSelector")
        let orders = orders(route(.weighted, [70, 30, 0]), calls: 10_000, seed: seed.value)
        let counts = firsts(orders)
        #expect(counts[Self.gamma] == nil)
        #expect(orders.allSatisfy { $0.last == Self.gamma })
        // Five standard deviations of a binomial share.
        #expect((6_770...7_230).contains(counts[alpha] ?? 0))
    }

    @Test func theSameEntropyDrawsTheSameOrder() {
        let weighted = route(.weighted, [5, 3, 2])
        #expect(orders(weighted, calls: 50, seed: 7) == orders(weighted, calls: 50, seed: 7))
    }

    @Test func leastUsedComparesShares() {
        let inUse: [TrunkName: (UInt32, UInt32)] = [
            alpha: (9, 30), beta: (2, 10), Self.gamma: (1, 5),
        ]
        let order = orders(route(.leastUsed, [1, 1, 1]), calls: 1) { name in
            RouteSelector.Load(inUse: inUse[name]?.0 ?? 0, cap: inUse[name]?.1 ?? 0)
        }
        #expect(order == [[beta, Self.gamma, alpha]])
    }

    @Test func eachRouteTakesItsOwnTurns() {
        var selector = RouteSelector()
        var entropy = Entropy.seeded(1)
        var home = route(.roundRobin, [1, 1])
        let first = selector.order(home, entropy: &entropy) { _ in Self.none }
        home.prefix = "+44"
        let other = selector.order(home, entropy: &entropy) { _ in Self.none }
        #expect(first == other)
        selector.forgetAll()
        #expect(selector.order(home, entropy: &entropy) { _ in Self.none } == first)
    }
}
