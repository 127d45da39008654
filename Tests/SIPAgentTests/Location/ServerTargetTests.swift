import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 2782, "Usage rules".
@Suite struct ServerTargetTests {
    private func target(_ priority: UInt16, _ weight: UInt16, _ last: UInt32) -> ServerTarget {
        ServerTarget(
            priority: priority, weight: weight,
            endpoints: [Endpoint(address: IPAddress(v4: 0xC000_0200 | last), port: 5060)])
    }

    private func order(_ targets: [ServerTarget], _ entropy: inout Entropy) -> [UInt32] {
        targets.drawn(using: &entropy).compactMap { $0.address.v4 }.map { $0 & 0xFF }
    }

    @Test func theLowerPriorityComesFirstWhateverTheWeights() {
        var entropy = Entropy.seeded(1)
        let targets = [target(20, 900, 3), target(10, 0, 1), target(15, 5, 2)]
        #expect(order(targets, &entropy) == [1, 2, 3])
    }

    @Test func weightsShareTheWork() {
        var entropy = Entropy.seeded(3)
        let targets = [target(10, 75, 1), target(10, 25, 2)]
        let firsts = (0..<4_000).count { _ in order(targets, &entropy).first == 1 }
        // 3,000 and four standard deviations.
        #expect((2_890...3_110).contains(firsts))
    }

    @Test func weightZeroIsSeldomChosenButNeverLost() {
        var entropy = Entropy.seeded(5)
        let targets = [target(10, 100, 1), target(10, 0, 2)]
        let orders = (0..<2_000).map { _ in order(targets, &entropy) }
        #expect(orders.allSatisfy { $0.sorted() == [1, 2] })
        #expect((1...60).contains(orders.count { $0.first == 2 }))
    }

    @Test func anAddressIsAskedOnce() {
        var entropy = Entropy.seeded(9)
        #expect(order([target(10, 1, 1), target(20, 1, 1)], &entropy) == [1])
        #expect(order([], &entropy).isEmpty)
    }
}
