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

        /// The carrier of the first call talks on with the callee of another, and hangs up.
        @Test(.timeLimit(.minutes(1)))
        func aTransferIsCarriedOutHere() async throws {
            try await withProcesses { scope in
                let callee = try await scope.startCallee(Peer("127.0.0.4"))
                let stays = try await scope.startCallee(
                    Peer("127.0.0.3"), named: "callee-transferred.xml", calls: 1,
                    ["TALK": "500", "CALLEE": "127.0.0.4"])
                var configuration = AgentConfiguration(
                    listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                    trunks: [
                        .byAddress(
                            "alpha-1", at: stays.peer, channels: 1, extra: ["qualify: off"]),
                        .byAddress(
                            "beta-1", at: callee.peer, channels: 1, extra: ["qualify: off"]),
                    ])
                configuration.dialerExtra = ["transfers: here"]
                let agent = try await scope.startAgent(configuration)
                let target = NumberPlan.answeredAtOnce.calls(1, from: 1)[0].number
                let dialer = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, named: "caller-transfers.xml", call,
                    ["TARGET": target])
                for sipp in [dialer, stays] {
                    let end = try await sipp.finish(within: .seconds(20))
                    #expect(end == .exited(0), "\(sipp.complaints)")
                }
                #expect(dialer.facts.map(\.kind) == [.answered, .endedRemote])
                try await agent.waitUntilAllIsReleased()
                let records = try await agent.callRecords().sorted { $0.trunk < $1.trunk }
                #expect(records.map(\.calledNumber) == [call[0].number, target])
                #expect(records.map(\.endedBy) == ["remote", "local"])
                #expect(records.allSatisfy { $0.disposition == "ANSWERED" })
                #expect(records.allSatisfy { $0.talkMilliseconds >= 500 })
                #expect(callee.count(.endedRemote) == 1)
                #expect(try await agent.ask(["verify"]).succeeded)
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
