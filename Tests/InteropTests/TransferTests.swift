import TestSupport
import Testing

extension InteropTests {
    /// REFER inside a call, between a dialer and a carrier of SIPp's.
    @Suite struct TransferTests {
        private let call = NumberPlan.answeredAtOnce.calls(1)

        private func agent(
            _ scope: ProcessScope, _ carrier: Sipp, _ extra: [String]
        ) async throws -> Agent {
            try await scope.startAgent(
                AgentConfiguration(
                    listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                    trunks: [
                        .byAddress(
                            "alpha-1", at: carrier.peer, channels: 1,
                            extra: ["qualify: off"] + extra)
                    ]))
        }

        @Test(.timeLimit(.minutes(1)))
        func aTransferPassesWhereTheTrunkTakesIt() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(
                    Peer("127.0.0.3"), named: "callee-refer.xml", calls: 1)
                let agent = try await agent(scope, carrier, ["refer: pass"])
                let dialer = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, named: "caller-refer.xml", call)
                let end = try await dialer.finish(within: .seconds(20))
                #expect(end == .exited(0), "\(dialer.complaints)")
                let carrierEnd = try await carrier.finish(within: .seconds(10))
                #expect(carrierEnd == .exited(0), "\(carrier.complaints)")
                #expect(dialer.facts.map(\.kind) == [.answered])
                try await agent.waitUntilAllIsReleased()
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func unlessItIsConfiguredATransferIsRefusedAndTheCallGoesOn() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let agent = try await agent(scope, carrier, [])
                let dialer = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, named: "caller-refer.xml", call)
                let end = try await dialer.finish(within: .seconds(20))
                #expect(end == .exited(0), "\(dialer.complaints)")
                #expect(dialer.facts.map(\.code) == [200, 405])
                try await agent.waitUntilAllIsReleased()
                #expect(try await agent.callRecords().map(\.endSource) == ["bye"])
                #expect(carrier.complaints.isEmpty, "it has seen no REFER")
            }
        }
    }
}
