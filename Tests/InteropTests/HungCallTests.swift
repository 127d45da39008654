import TestSupport
import Testing

extension InteropTests {
    /// Calls that none of their parties ends.
    @Suite struct HungCallTests {
        private let calls = NumberPlan.answeredAtOnce.calls(2)

        @Test(.timeLimit(.minutes(1)))
        func aCallThatItsCarrierForgotFreesItsChannel() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(
                    Peer("127.0.0.3"), named: "callee-forgetful.xml", calls: calls.count)
                let records = try await callRecords(scope, carrier, "probe_calls: 5s")
                #expect(try await carrier.finish(within: .seconds(10)) == .exited(0))
                #expect(records.map(\.endSource) == ["probe", "probe"])
                // Somewhere between its answer and the question.
                let spans = records.map(\.endUncertaintyMilliseconds)
                #expect(spans.allSatisfy { (4_900...6_500).contains($0) }, "\(spans)")
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func aCallThatLastsTooLongIsEnded() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let records = try await callRecords(scope, carrier, "max_duration: 2s")
                #expect(records.map(\.endSource) == ["max_duration", "max_duration"])
                #expect(records.allSatisfy { $0.endUncertaintyMilliseconds == 0 })
                #expect(records.allSatisfy { (2_000..<3_000).contains($0.talkMilliseconds) })
            }
        }

        /// The dialer would hold its calls for ever.
        private func callRecords(
            _ scope: ProcessScope, _ carrier: Sipp, _ setting: String
        ) async throws -> [CallRecord] {
            let agent = try await scope.startAgent(
                AgentConfiguration(
                    listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                    trunks: [
                        .byAddress(
                            "alpha-1", at: carrier.peer, channels: 2,
                            extra: ["qualify: off", setting])
                    ]))
            let caller = try scope.startCaller(
                Peer("127.0.0.2"), to: agent.listen, calls, rate: 10, holdMilliseconds: 40_000)
            #expect(try await caller.finish(within: .seconds(20)) == .exited(0))
            try await agent.waitUntilAllIsReleased()
            return try await agent.callRecords()
        }
    }
}
