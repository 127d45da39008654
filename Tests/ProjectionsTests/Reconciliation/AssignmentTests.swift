import TestSupport
import Testing

@testable import Projections

@Suite struct AssignmentTests {
    private func sum(_ costs: [[Int64?]]) -> (count: Int, cost: Int64) {
        let pairs = Assignment.pairs(
            rows: costs.count, columns: costs[0].count, near: { _ in costs[0].indices },
            cost: { costs[$0][$1] })
        #expect(Set(pairs.map(\.row)).count == pairs.count)
        #expect(Set(pairs.map(\.column)).count == pairs.count)
        return (pairs.count, pairs.reduce(0) { $0 + (costs[$1.row][$1.column] ?? 0) })
    }

    /// The best by trying every order.
    private func exhaustive(_ costs: [[Int64?]]) -> (count: Int, cost: Int64) {
        func best(_ row: Int, _ taken: Set<Int>) -> (count: Int, cost: Int64) {
            guard row < costs.count else { return (0, 0) }
            var found = best(row + 1, taken)
            for (column, cost) in costs[row].enumerated() where !taken.contains(column) {
                guard let cost else { continue }
                let rest = best(row + 1, taken.union([column]))
                let this = (count: rest.count + 1, cost: rest.cost + cost)
                if this.count > found.count
                    || (this.count == found.count && this.cost < found.cost)
                {
                    found = this
                }
            }
            return found
        }
        return best(0, [])
    }

    @Test func itIsTheBestOfAll() {
        let seed = Seed(for: "itIsTheBestOfAll")
        var random = seed.generator()
        for _ in 0..<300 {
            let rows = Int.random(in: 1...5, using: &random)
            let columns = Int.random(in: 1...5, using: &random)
            let costs = (0..<rows).map { _ in
                (0..<columns).map { _ -> Int64? in
                    Int.random(in: 0..<4, using: &random) == 0
                        ? nil : Int64.random(in: 0...50, using: &random)
                }
            }
            let (found, wanted) = (sum(costs), exhaustive(costs))
            #expect(found.count == wanted.count && found.cost == wanted.cost, "\(costs) \(seed)")
        }
    }

    @Test func manyAreAssignedOneToOne() {
        let count = Assignment.exactMax * 3
        let pairs = Assignment.pairs(
            rows: count, columns: count, near: { max(0, $0 - 3)..<min(count, $0 + 4) },
            cost: { Int64(abs($0 - $1)) })
        #expect(pairs.count == count && pairs.allSatisfy { $0.row == $0.column })
    }
}
