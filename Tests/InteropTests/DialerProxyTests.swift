import TestSupport
import Testing

extension InteropTests {
    /// Kamailio on the dialers' side: the agent knows its address only, and reaches the dialers
    /// behind it by Record-Route.
    @Suite struct DialerProxyTests {
        @Test(.timeLimit(.minutes(1)))
        func callsOfBothDirectionsCrossTheDialersProxy() async throws {
            guard let program = Places.program("kamailio") else {
                Issue.record("kamailio is not installed; run tools/setup --with-tests")
                return
            }
            try await withProcesses { scope in
                let (proxy, agentPeer) = (Peer("127.0.0.2"), Peer("127.0.0.1"))
                let carrier = try await scope.startCallee(Peer("127.0.0.4"))
                let dialer = try await scope.startCallee(Peer("127.0.0.6"))
                let kamailio = try await scope.startKamailio(
                    program, at: proxy, before: dialer.peer, agent: agentPeer)
                let did = NumberPlan.answeredAtOnce.calls(1, from: 90_000)
                let trunk = AgentConfiguration.Trunk.byAddress(
                    "alpha-1", at: carrier.peer, channels: 20, extra: ["qualify: off"])
                let agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: agentPeer, dialerContact: proxy, trunks: [trunk],
                        dids: did.map(\.number)))
                for plan in [NumberPlan.answered, .hungUpByFarEnd, .busy] {
                    let caller = try scope.startCaller(
                        Peer("127.0.0.6"), to: proxy, plan.calls(3), rate: 5,
                        holdMilliseconds: 500)
                    #expect(
                        try await caller.finish(within: .seconds(20)) == .exited(0),
                        "\(caller.complaints)")
                }
                let inbound = try scope.startCaller(
                    Peer("127.0.0.4"), to: agent.listen, did, rate: 1, holdMilliseconds: 300)
                #expect(
                    try await inbound.finish(within: .seconds(20)) == .exited(0),
                    "\(inbound.complaints)")
                #expect(dialer.count(.answered) == 1)
                try await agent.waitUntilAllIsReleased()
                let records = try await agent.callRecords()
                #expect(records.count { $0.disposition == "ANSWERED" } == 7)
                #expect(records.count { $0.disposition == "BUSY" } == 3)
                let farewells = kamailio.text.split(separator: "\n").count {
                    $0.contains("proxy: BYE from")
                }
                #expect(farewells >= 7, "each farewell crosses it, whoever says it")
            }
        }
    }
}
