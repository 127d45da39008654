import TestSupport
import Testing

extension InteropTests {
    /// The ledger is signed, sealed, archived and compacted while calls run: they do not notice.
    @Suite struct KeepingTests {
        @Test(.timeLimit(.minutes(2)))
        func goesOnBesideCalls() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                        trunks: [
                            .byAddress(
                                "alpha-1", at: carrier.peer, channels: 200, extra: ["qualify: off"])
                        ]))
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, NumberPlan.answered.calls(120), rate: 20,
                    holdMilliseconds: 1_000)
                try await eventually("calls run") { caller.count(.answered) > 20 }
                let archive = scope.directory + "/archive"
                for command in [
                    ["checkpoint"], ["seal"], ["checkpoint"], ["archive", "move", archive],
                    ["compact"], ["seal"], ["compact"],
                ] {
                    try await run(scope, agent, command)
                }
                #expect(try await caller.finish(within: .seconds(40)) == .exited(0))
                #expect(caller.failedCalls == 0, "\(caller.complaints)")
                try await agent.waitUntilAllIsReleased()
                let records = try await agent.callRecords()
                #expect(records.count { $0.disposition == "ANSWERED" } == 120)
                try await run(scope, agent, ["verify"])
            }
        }

        private func run(
            _ scope: ProcessScope, _ agent: Agent, _ command: [String]
        ) async throws {
            let child = try scope.start(
                Places.trunkledger, command + ["--ledger", agent.ledger], name: command[0])
            let status = try await child.wait(within: .seconds(60))
            #expect(status == .exited(0), "\(command): \(child.errorOutput)")
        }
    }
}
