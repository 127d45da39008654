import Testing
import TrunkEvents

@testable import SIPAgent

struct TrunkHealthTests {
    @Test func doubtLetsCallsThrough() {
        #expect(TrunkHealth(binding: .notNeeded).refusal == nil)
        #expect(TrunkHealth(binding: .inForce).refusal == nil)
    }

    @Test func aRegisteringTrunkMustBeRegistered() {
        let health = TrunkHealth(binding: .absent, reachability: .reachable)
        #expect(health.refusal == .unregistered)
    }

    @Test func aPauseThatTheCarrierAskedForRefuses() {
        #expect(TrunkHealth(binding: .notNeeded, isResting: true).refusal == .resting)
    }

    @Test func failedProbesRefuse() {
        let health = TrunkHealth(binding: .inForce, reachability: .unreachable)
        #expect(health.refusal == .unreachable)
    }
}
