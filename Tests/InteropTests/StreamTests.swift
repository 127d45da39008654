import TestSupport
import Testing

extension InteropTests {
    /// SIPp over TCP as dialer and as carriers: a call's whole way on streams.
    @Suite struct StreamTests {
        @Test(.timeLimit(.minutes(2)))
        func callsOfEveryKindTravelOnStreams() async throws {
            try await withProcesses { scope in
                var plan = CalleePlan()
                plan.transport = .tcp
                let alpha = try await scope.startCallee(Peer("127.0.0.3"), plan)
                plan.refusedDigit = nil
                let beta = try await scope.startCallee(Peer("127.0.0.4"), plan)
                let dialer = try await scope.startCallee(Peer("127.0.0.2"), plan)
                let inbound = NumberPlan.answeredAtOnce.calls(5, from: 90_000)
                let agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: Peer("127.0.0.1"), dialerContact: dialer.peer,
                        trunks: [
                            .registered("alpha-1", at: alpha.peer, channels: 50),
                            // Nobody listens there.
                            .byAddress(
                                "closed-1", at: Peer("127.0.0.5"), channels: 50,
                                extra: ["qualify: off"]),
                            .byAddress("beta-1", at: beta.peer, channels: 50),
                        ], dids: inbound.map(\.number), transport: .tcp))
                try await eventually("the registration is in the log") {
                    try await !agent.events("registrationSucceeded").isEmpty
                }
                try await placeCalls(scope, agent, from: beta.peer, inbound)
                try await agent.waitUntilAllIsReleased()
                try await expectRecords(agent)
                #expect(alpha.count(.answered) == 10 && dialer.count(.answered) == 5)
                let causes = try await agent.events("attemptFailed").filter {
                    $0["trunk"]?.string == "closed-1"
                }.map { $0["cause"]?.string }
                #expect(causes == Array(repeating: "transport", count: 5))
                #expect(try await agent.ask(["verify"]).succeeded)
                #expect(try await agent.stop() == .exited(0))
            }
        }

        private func placeCalls(
            _ scope: ProcessScope, _ agent: Agent, from carrier: Peer, _ inbound: [PlannedCall]
        ) async throws {
            let plans: [(NumberPlan, Bool)] = [
                (.answered, false), (.hungUpByFarEnd, false), (.busy, false),
                (.refusedByFirst, false), (.silent, true),
            ]
            var callers = try plans.map { plan, cancels in
                try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, plan.calls(5), rate: 5,
                    holdMilliseconds: cancels ? 300 : 1_000, cancels: cancels, transport: .tcp)
            }
            callers.append(
                try scope.startCaller(
                    Peer(carrier.address), to: agent.listen, inbound, rate: 5,
                    holdMilliseconds: 500, transport: .tcp))
            for caller in callers {
                let status = try await caller.finish(within: .seconds(30))
                #expect(status == .exited(0), "\(caller.complaints)")
            }
        }

        private func expectRecords(_ agent: Agent) async throws {
            let records = try await agent.callRecords()
            let counts = Dictionary(grouping: records, by: \.disposition).mapValues(\.count)
            let expected = [
                "ANSWERED": 20, "BUSY": 5, "CANCELLED": 5, "CARRIER_FULL": 5, "FAILED": 5,
            ]
            #expect(counts == expected)
            #expect(records.filter { $0.direction == "inbound" }.map(\.trunk).count == 5)
        }
    }
}
