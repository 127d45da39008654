import TestSupport
import Testing

extension InteropTests {
    /// The 51st call on a trunk of 50 channels.
    @Suite struct ChannelCapTests {
        private let calls = NumberPlan.answeredAtOnce.calls(51)

        @Test(.timeLimit(.minutes(1)))
        func goesToTheSecondTrunk() async throws {
            try await withProcesses { scope in
                let first = try await scope.startCallee(Peer("127.0.0.3"))
                let second = try await scope.startCallee(Peer("127.0.0.4"))
                let agent = try await start(
                    scope,
                    trunks: [
                        .byAddress(
                            "alpha-1", at: first.peer, channels: 50, extra: ["qualify: off"]),
                        .byAddress(
                            "beta-1", at: second.peer, channels: 50, extra: ["qualify: off"]),
                    ])
                let caller = try placeCalls(scope, agent)
                try await eventually("51 calls are answered") { caller.count(.answered) == 51 }
                #expect(try await wall(agent) == ["alpha-1": "50/50", "beta-1": "1/50"])
                try await expectRefusal(agent)
                #expect(try await caller.finish(within: .seconds(20)) == .exited(0))
                try await expectAllReleased(agent)
                #expect(first.count(.invited) == 50)
                #expect(second.count(.invited) == 1)
                let records = try await agent.callRecords()
                #expect(records.count { $0.trunk == "alpha-1" } == 50)
                #expect(records.filter { $0.trunk == "beta-1" }.map(\.attemptNumber) == [1])
                #expect(records.map(\.inUseAtSeize).max() == 50)
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func isRefusedWhereThereIsNoSecond() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let agent = try await start(
                    scope,
                    trunks: [
                        .byAddress(
                            "alpha-1", at: carrier.peer, channels: 50, extra: ["qualify: off"])
                    ])
                let caller = try placeCalls(scope, agent)
                try await eventually("50 calls are answered, one is refused") {
                    caller.count(.answered) == 50 && caller.count(.refused) == 1
                }
                #expect(try await wall(agent) == ["alpha-1": "50/50"])
                try await expectRefusal(agent)
                let refusal = caller.facts.first { $0.kind == .refused }
                #expect(refusal?.code == 503)
                #expect(refusal?.cause == 34)
                let ended = try await agent.events("callEnded")
                #expect(ended.count == 1)
                #expect(ended.first?["code"]?.int == 503)
                #expect(ended.first?["q850"]?.int == 34)
                #expect(try await caller.finish(within: .seconds(20)) == .exited(0))
                try await expectAllReleased(agent)
                #expect(carrier.count(.invited) == 50)
                #expect(try await agent.callRecords().count == 50)
            }
        }

        private func start(
            _ scope: ProcessScope, trunks: [AgentConfiguration.Trunk]
        ) async throws -> Agent {
            try await scope.startAgent(
                AgentConfiguration(
                    listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"), trunks: trunks))
        }

        private func placeCalls(_ scope: ProcessScope, _ agent: Agent) throws -> Sipp {
            try scope.startCaller(
                Peer("127.0.0.2"), to: agent.listen, calls, rate: 60, holdMilliseconds: 5_000)
        }

        private func wall(_ agent: Agent) async throws -> [String: String] {
            let trunks = try await agent.document(["status"]).objects
            return trunks.reduce(into: [:]) { wall, row in
                guard let trunk = row["trunk"]?.string, let inUse = row["in_use"]?.int,
                    let cap = row["cap"]?.int
                else { return }
                wall[trunk] = "\(inUse)/\(cap)"
            }
        }

        private func expectRefusal(_ agent: Agent) async throws {
            let refusals = try await agent.events("channelRefused")
            #expect(refusals.count == 1)
            #expect(refusals.first?["trunk"]?.string == "alpha-1")
            #expect(refusals.first?["reason"]?.string == "cap")
            #expect(refusals.first?["in_use"]?.int == 50)
            #expect(refusals.first?["cap"]?.int == 50)
        }

        private func expectAllReleased(_ agent: Agent) async throws {
            try await agent.waitUntilAllIsReleased()
            let verified = try await agent.ask(["verify"])
            #expect(verified.succeeded, "\(verified.output)\(verified.errorOutput)")
        }
    }
}
