import Ledger
import Projections
import Testing
import TrunkEvents

@Suite struct CallSurroundingsTests {
    private static let registered = Event.registrationSucceeded(
        RegistrationSucceeded(trunk: alpha1, registrar: carrierEnd, expiresSeconds: 60))
    private static let expired = Event.registrationExpired(RegistrationExpired(trunk: alpha1))

    private func reachable(_ milliseconds: Int64) -> Event {
        .trunkReachable(
            TrunkReachable(
                trunk: alpha1, code: .code(200), roundTrip: .milliseconds(milliseconds)))
    }

    /// The kinds and positions that were kept of a log with one call in it.
    private func kept(_ log: LogBuilder) -> [String] {
        let call = log.entries.filter { $0.event.stream == FactStream(CallScript().call) }
        var around = CallSurroundings(of: call)
        for entry in log.entries where !call.contains(entry) { around.apply(entry) }
        return around.facts.map { "\($0.position) \($0.event.kind)" }
    }

    @Test func theStateBeforeItsChangesAndTheFirstAfterAreKept() {
        var log = LogBuilder()
        log.boot(at: 0)
        log.configure(alpha1, of: alpha, .registration)
        log.add(10, Self.registered)
        log.add(20, Self.registered)
        log.add(30, reachable(1))
        log.add(100, CallScript().started)
        log.add(100, CallScript().seized())
        log.add(110, Self.registered)  // refreshed: no news
        log.add(120, reachable(9))  // answered alike
        log.add(130, Self.expired)
        log.add(140, .clockStepped(ClockStepped(step: .seconds(2))))
        log.add(200, CallScript().ended(.local, .bye))
        log.add(200, CallScript().released())
        log.add(210, Self.registered)
        log.add(220, Self.expired)
        log.add(230, .heartbeat(Heartbeat(openCalls: 0)))
        #expect(
            kept(log) == [
                "1 agentStarted", "2 trunkConfigured", "4 registrationSucceeded",
                "5 trunkReachable", "10 registrationExpired", "11 clockStepped",
                "14 registrationSucceeded",
            ])
    }

    /// A call that was not offered since the carrier had asked for a pause.
    @Test func thePauseThatACarrierAskedForIsKept() {
        var log = LogBuilder()
        for seconds in [9, 20] as [UInt32] {
            log.add(
                Int64(seconds), .trunkResting(TrunkResting(trunk: alpha1, seconds: seconds)))
        }
        log.add(100, CallScript().started)
        log.add(100, CallScript().refused(.resting))
        log.add(200, CallScript().ended(.local, .bye))
        #expect(kept(log) == ["2 trunkResting"])
    }

    @Test func trunksAreThoseThatWereAsked() {
        var log = LogBuilder()
        log.add(0, CallScript(trunk: alpha2).started)
        log.add(1, CallScript(trunk: alpha2).refused(.cap))
        log.add(2, CallScript(trunk: beta1).seized())
        log.add(3, CallScript(trunk: beta1).released())
        #expect(CallSurroundings(of: log.entries).trunks == [alpha2, beta1])
    }
}
