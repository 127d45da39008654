import Foundation
import TestSupport
import Testing

/// Calls by chance through the whole recorder in virtual time. Whatever happens, the promises hold
/// at every step, and in the end nothing is left anywhere.
///
/// A failure names the seed of its world: `TRUNKLEDGER_SEED=N` runs that world first.
@Suite struct PromiseTests {
    private static let callsPerWorld = 250
    private static let callsByDefault = 24_000

    @Test(arguments: Scenario.wanted)
    func thePromisesHold(_ scenario: Scenario) {
        let seed = Seed(for: "thePromisesHold, \(scenario.name)", fallback: Self.fallback)
        let worlds = Self.calls / Scenario.wanted.count / Self.callsPerWorld + 1
        var facts = 0
        var lives = 0
        for index in 0..<worlds {
            let world = Self.run(scenario, seed: seed.value &+ UInt64(index))
            let worldSeed = "\(scenario.name), TRUNKLEDGER_SEED=\(seed.value &+ UInt64(index))"
            #expect(world.faults.prefix(3) == [], "\(worldSeed)")
            facts += world.log.entries.count
            lives += world.life
            if !world.faults.isEmpty { break }
        }
        let calls = worlds * Self.callsPerWorld
        print("\(scenario.name): \(calls) calls, \(facts) facts, \(lives) lives")
    }

    private static func run(_ scenario: Scenario, seed: UInt64) -> SimulatedWorld {
        let world = SimulatedWorld(scenario, seed: seed)
        var random = SeededGenerator(seed: seed &+ 5)
        for index in 0..<callsPerWorld where world.faults.isEmpty {
            let isInbound = random.percent(25)
            let isEmergency = random.percent(4)
            let carrier = Bool.random(using: &random) ? Line.alpha : Line.beta
            world.place(
                "call-\(index)", from: isInbound ? carrier : Line.dialer,
                to: isInbound
                    ? Line.ownNumber : isEmergency ? Line.emergency : "2125550199")
            world.run(for: random.milliseconds(0...1_600))
        }
        world.windDown()
        return world
    }

    /// How many calls all scenarios make together.
    private static let calls =
        ProcessInfo.processInfo.environment["TRUNKLEDGER_SIMULATION_CALLS"].flatMap(Int.init)
        ?? callsByDefault

    /// The usual run is the same from day to day; a longer one looks elsewhere each time.
    private static let fallback: UInt64? = calls == callsByDefault ? 20_261_125 : nil
}
