import Testing
import TrunkEvents

@testable import SIPAgent

struct NearCapStateTests {
    private func crossings(_ loads: [UInt32], cap: UInt32, percent: UInt32?) -> [Int: Bool] {
        var state = NearCapState()
        var crossings: [Int: Bool] = [:]
        for (index, load) in loads.enumerated() {
            switch state.update(inUse: load, cap: cap, percent: percent) {
            case .reached: crossings[index] = true
            case .left: crossings[index] = false
            case nil: continue
            }
        }
        return crossings
    }

    @Test func staysNearUntilATenthBelow() {
        #expect(crossings([39, 40, 36, 40, 35], cap: 50, percent: 80) == [1: true, 4: false])
    }

    @Test func smallTrunksCrossToo() {
        #expect(crossings([0, 1, 0], cap: 1, percent: 80) == [1: true, 2: false])
        #expect(crossings([1, 2, 1], cap: 2, percent: 80) == [1: true, 2: false])
    }

    @Test func withoutThresholdOrChannelsNothingCrosses() {
        #expect(crossings([0, 50], cap: 50, percent: nil).isEmpty)
        #expect(crossings([0, 3], cap: 0, percent: 80).isEmpty)
    }
}
