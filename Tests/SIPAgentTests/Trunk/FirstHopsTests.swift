import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct FirstHopsTests {
    private func hop(_ last: UInt32) -> Endpoint {
        Endpoint(address: IPAddress(v4: 0xC000_0200 | last), port: 5060)
    }

    private func target(_ priority: UInt16, _ last: UInt32) -> ServerTarget {
        ServerTarget(priority: priority, weight: 0, endpoints: [hop(last)])
    }

    @Test func theServersComeInTheirOrder() {
        let hops = FirstHops([[target(20, 2), target(10, 1)], [], [target(0, 3)]])
        var entropy = Entropy.seeded(1)
        #expect(hops.first == hop(1))
        #expect(hops.order(at: instant(0), using: &entropy) == [hop(1), hop(2), hop(3)])
    }

    @Test func aCallStaysWithTheServerThatHasTheBinding() {
        let hops = FirstHops([[target(10, 1), target(20, 2)], [target(10, 3), target(20, 4)]])
        var entropy = Entropy.seeded(1)
        #expect(
            hops.order(from: hop(4), at: instant(0), using: &entropy) == [hop(4), hop(3)])
        #expect(hops.order(from: nil, at: instant(0), using: &entropy) == [hop(1), hop(2)])
    }

    @Test func whatFailsComesLastForAWhile() {
        var hops = FirstHops([[target(10, 1), target(20, 2)]])
        hops.fail(hop(1), at: instant(0))
        #expect(hops.preferred(at: instant(59_999)) == hop(2))
        #expect(hops.preferred(at: instant(60_000)) == hop(1))
        hops.fail(hop(1), at: instant(70_000))
        hops.revive(hop(1))
        #expect(hops.preferred(at: instant(70_001)) == hop(1))
    }

    /// A host that asked for a pause is not asked, unless all did.
    @Test func aHostThatRestsIsLeftOut() {
        var hops = FirstHops([[target(10, 1), target(20, 2)], [target(10, 3)]])
        var entropy = Entropy.seeded(1)
        #expect(hops.isOneOfMany(hop(1)) && !hops.isOneOfMany(hop(9)))
        let told = [5_000, 5_400, 6_000].map {
            hops.rest(hop(1), until: instant($0), at: instant(0))
        }
        #expect(told == [true, false, true], "seconds tell it apart")
        #expect(hops.order(from: nil, at: instant(0), using: &entropy) == [hop(2)])
        #expect(!hops.areResting(from: nil, at: instant(0)))
        _ = hops.rest(hop(2), until: instant(9_000), at: instant(0))
        #expect(hops.areResting(from: nil, at: instant(0)))
        #expect(!hops.areResting(from: hop(3), at: instant(0)), "the backup has the binding")
        #expect(hops.order(from: nil, at: instant(0), using: &entropy) == [hop(1), hop(2)])
        #expect(hops.order(from: nil, at: instant(6_000), using: &entropy) == [hop(1)])
    }

    @Test func aMoveKeepsTheMemoryOfThoseThatStay() {
        var hops = FirstHops([[target(10, 1), target(20, 2)]])
        hops.fail(hop(1), at: instant(0))
        let moves = [2, 3].map { hops.move(to: FirstHops([[target(10, 1), target(20, $0)]])) }
        #expect(moves == [false, true])
        #expect(hops.preferred(at: instant(1)) == hop(3))
        _ = hops.move(to: FirstHops())
        #expect(hops.isEmpty)
    }
}
