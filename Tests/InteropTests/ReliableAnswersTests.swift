import TestSupport
import Testing

extension InteropTests {
    /// A carrier with reliable provisional answers and session timers, for dialers that know of
    /// such things and for those that do not. SIPp fails a call where a PRACK, an RSeq, a session
    /// description or a Session-Expires is missing or wrong.
    @Suite struct ReliableAnswersTests {
        @Test(.timeLimit(.minutes(1)), arguments: [true, false])
        func eachLegHasItsOwn(isKnownToTheDialer: Bool) async throws {
            let calls = NumberPlan.answeredAtOnce.calls(5)
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(
                    Peer("127.0.0.3"), named: "callee-reliable.xml", calls: calls.count)
                let agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                        trunks: [
                            .byAddress(
                                "alpha-1", at: carrier.peer, channels: 5, extra: ["qualify: off"])
                        ]))
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, calls, rate: 10, holdMilliseconds: 500,
                    isReliable: isKnownToTheDialer)
                let end = try await caller.finish(within: .seconds(20))
                #expect(end == .exited(0), "\(caller.complaints)")
                let carrierEnd = try await carrier.finish(within: .seconds(10))
                #expect(carrierEnd == .exited(0), "\(carrier.complaints)")
                try await agent.waitUntilAllIsReleased()
                let records = try await agent.callRecords()
                #expect(records.count == calls.count)
                #expect(records.allSatisfy { $0.disposition == "ANSWERED" })
            }
        }
    }
}
