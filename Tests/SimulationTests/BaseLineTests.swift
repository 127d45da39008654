import CMalloc
import TestSupport
import Testing
import TrunkEvents

/// When nothing goes on, the agent holds what it held after its first calls: none leaves a byte.
@Suite struct BaseLineTests {
    private static let callsPerWave = 250

    /// In a process of its own: other tests use the heap meanwhile.
    @Test func memoryReturnsToItsBaseLine() async {
        await #expect(processExitsWith: .success) {
            for scenario in [Scenario.goodDay, .rudeParties, .badNetwork, .siege] {
                let few = Self.bytesHeld(afterWaves: 4, scenario)
                let many = Self.bytesHeld(afterWaves: 24, scenario)
                let calls = 20 * Self.callsPerWave
                // A table may be larger after a higher peak; a leaked call has a thousand bytes.
                #expect(many - few < 5 * calls, "\(scenario.name): \(few) and \(many) bytes")
            }
        }
    }

    private static func bytesHeld(afterWaves waves: Int, _ scenario: Scenario) -> Int {
        let world = SimulatedWorld(scenario, seed: 20_261_126)
        var random = SeededGenerator(seed: 1)
        for wave in 0..<waves {
            for index in 0..<callsPerWave {
                world.place(
                    "call-\(wave)-\(index)", from: random.percent(25) ? Line.alpha : Line.dialer,
                    to: random.percent(25) ? Line.ownNumber : "2125550199")
                world.run(for: random.milliseconds(0...1_600))
            }
            // Longer than any call, and than the longest timer after it.
            world.run(for: .seconds(300))
        }
        return world.withoutAgent { mallinfo2().uordblks + mallinfo2().hblkhd }
    }
}
