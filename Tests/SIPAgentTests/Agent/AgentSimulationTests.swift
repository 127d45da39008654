import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

/// Hundreds of calls by chance over a bad network, with and without crashes. Whatever happens: each
/// channel is seized once and released once and not before its carrier is done with it, each call
/// ends once, and in the end nothing is left anywhere.
@Suite struct AgentSimulationTests {
    @Test func callsOverABadNetwork() {
        let seed = Seed(for: "callsOverABadNetwork")
        simulate(seed, calls: 300, .init(lossPercent: 8, duplicatePercent: 5))
    }

    @Test func callsOverAGoodNetwork() {
        let seed = Seed(for: "callsOverAGoodNetwork")
        simulate(seed, calls: 300, .init(lossPercent: 0, duplicatePercent: 0))
    }

    @Test func callsWithCrashes() {
        let seed = Seed(for: "callsWithCrashes")
        simulate(seed, calls: 300, .init(lossPercent: 3, crashChance: 60))
    }

    /// Whoever crashes, a call that was up stays up until one of its parties ends it.
    @Test func callsThatOutliveTheProcess() {
        let seed = Seed(for: "callsThatOutliveTheProcess")
        let log = simulate(seed, calls: 300, .init(lossPercent: 0, crashChance: 60))
        var answered: Set<CallID> = []
        var goneOn: Set<CallID> = []
        for fact in log {
            switch fact.event {
            case .callAnswered(let fact): answered.insert(fact.call)
            case .callContinued(let fact): goneOn.insert(fact.call)
            case .callEnded(let fact) where answered.contains(fact.call):
                #expect(fact.endedBy != .agent, "\(fact) \(seed)")
            default: break
            }
        }
        #expect(!goneOn.isEmpty, "\(seed)")
    }

    @discardableResult
    private func simulate(
        _ seed: Seed, calls: Int, _ weather: SimulatedWorld.Weather
    ) -> [RecordedEvent] {
        let limits = ChannelLimits(total: 20, inbound: 8)
        let configuration = AgentBed.configuration(trunks: [
            AgentBed.trunk(AgentBed.alphaName, AgentBed.alpha, channels: limits),
            AgentBed.trunk(AgentBed.betaName, AgentBed.beta, channels: limits),
        ])
        let world = SimulatedWorld(
            seed: seed.value, weather: weather, configuration: configuration)
        var random = SeededGenerator(seed: seed.value &+ 5)
        for index in 0..<calls {
            let isInbound = Int.random(in: 0..<4, using: &random) == 0
            let carrier = Bool.random(using: &random) ? AgentBed.alpha : AgentBed.beta
            world.place(
                "call-\(index)", from: isInbound ? carrier : AgentBed.dialer,
                to: isInbound ? "12125550100" : "2125550199")
            world.run(for: .milliseconds(Int64.random(in: 0...900, using: &random)))
        }
        world.run(for: .seconds(400))
        #expect(world.faults.prefix(3) == [], "\(seed)")
        #expect(world.held.isEmpty, "\(seed)")
        #expect(world.openCallCount == 0, "\(seed)")
        #expect(world.leftovers == 0, "\(seed)")
        for (endpoint, peer) in world.peers {
            let unfinished = peer.unfinished.map { "\($0.callID) \($0.state)" }
            #expect(unfinished.prefix(3) == [], "\(endpoint) \(seed)")
        }
        checkLog(world.log, seed)
        print("\(world.log.count) facts, \(world.crashes) crashes")
        return world.log
    }

    /// Each call is started once and ended once; each attempt has an outcome before its release.
    private func checkLog(_ log: [RecordedEvent], _ seed: Seed) {
        var started: Set<CallID> = []
        var ended: Set<CallID> = []
        var settled: Set<SimulatedWorld.Slot> = []
        for fact in log {
            switch fact.event {
            case .callStarted(let fact): #expect(started.insert(fact.call).inserted, "\(seed)")
            case .callEnded(let fact): #expect(ended.insert(fact.call).inserted, "\(seed)")
            case .attemptAnswered(let fact):
                settled.insert(.init(call: fact.call, attempt: fact.attempt))
            case .attemptFailed(let fact):
                settled.insert(.init(call: fact.call, attempt: fact.attempt))
            default: break
            }
        }
        #expect(started == ended, "\(seed)")
        let unsettled = log.compactMap { fact -> SimulatedWorld.Slot? in
            guard case .attemptSent(let sent) = fact.event else { return nil }
            let slot = SimulatedWorld.Slot(call: sent.call, attempt: sent.attempt)
            return settled.contains(slot) ? nil : slot
        }
        #expect(unsettled.isEmpty, "\(seed)")
    }
}
