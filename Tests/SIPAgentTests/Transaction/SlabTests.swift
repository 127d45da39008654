import Testing

@testable import SIPAgent

@Suite struct SlabTests {
    private final class Tenant {
        let leave: () -> Void
        init(leave: @escaping () -> Void) { self.leave = leave }
        deinit { leave() }
    }

    @Test func anOldIDFindsNoNewTenant() {
        var slab = Slab<Int>()
        let first = slab.insert(1)
        #expect(slab.remove(first) == 1)
        let second = slab.insert(2)
        #expect(second.index == first.index)
        #expect(slab.contains(first) == false)
        #expect(slab[second] == 2)
    }

    @Test func elementsSurviveGrowth() {
        var slab = Slab<Int>()
        let ids = (0..<1_000).map { slab.insert($0) }
        for (value, id) in ids.enumerated() { slab[id] += value }
        #expect(ids.map { slab[$0] } == (0..<1_000).map { $0 * 2 })
        #expect(slab.count == 1_000)
    }

    @Test func whatIsLeftIsReleasedWithTheSlab() {
        var released = 0
        do {
            var slab = Slab<Tenant>()
            let ids = (0..<100).map { _ in slab.insert(Tenant { released += 1 }) }
            for id in ids.prefix(40) { _ = slab.remove(id) }
            #expect(released == 40)
        }
        #expect(released == 100)
    }
}
