import TestSupport
import Testing

extension InteropTests {
    /// 100 queries from other processes while calls run: the calls do not notice.
    @Suite struct ConcurrentQueriesTests {
        private static let queries = [
            ["status"], ["occupancy"], ["uptime"], ["cdr", "list"], ["events"], ["verify"],
        ]

        @Test(.timeLimit(.minutes(2)))
        func changeNoCallsResult() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                        trunks: [
                            .byAddress(
                                "alpha-1", at: carrier.peer, channels: 200, extra: ["qualify: off"])
                        ]))
                let callers = try [(NumberPlan.answered, 100), (.busy, 50)].map { plan, count in
                    try scope.startCaller(
                        Peer("127.0.0.2"), to: agent.listen, plan.calls(count), rate: count / 5,
                        holdMilliseconds: 1_000)
                }
                try await eventually("calls run") { callers[0].count(.answered) > 5 }
                try await ask(scope, agent, 100)
                for caller in callers {
                    #expect(try await caller.finish(within: .seconds(40)) == .exited(0))
                    #expect(caller.failedCalls == 0, "\(caller.complaints)")
                }
                #expect(callers[0].count(.answered) == 100)
                #expect(Set(callers[1].facts.map(\.code)) == [486])
                try await agent.waitUntilAllIsReleased()
                let records = try await agent.callRecords()
                #expect(records.count { $0.disposition == "ANSWERED" } == 100)
                #expect(records.count { $0.disposition == "BUSY" } == 50)
            }
        }

        /// All at once: each is a process of its own.
        private func ask(_ scope: ProcessScope, _ agent: Agent, _ count: Int) async throws {
            let children = try (0..<count).map { index in
                let query = Self.queries[index % Self.queries.count]
                return try scope.start(
                    Places.trunkledger, query + ["--ledger", agent.ledger], name: query[0])
            }
            for child in children {
                let status = try await child.wait(within: .seconds(60))
                #expect(status == .exited(0), "\(child.name): \(child.errorOutput)")
            }
        }
    }
}
