import TestSupport
import Testing

extension InteropTests {
    /// 302 from a carrier of SIPp's.
    @Suite struct RedirectionTests {
        @Test(.timeLimit(.minutes(1)), arguments: [true, false])
        func aCarrierThatRedirectsIsFollowedWhereConfigured(follows: Bool) async throws {
            let call = NumberPlan.answeredAtOnce.calls(1)
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(
                    Peer("127.0.0.3"), named: "callee-moved.xml", calls: 1)
                let agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                        trunks: [
                            .byAddress(
                                "alpha-1", at: carrier.peer, channels: 1,
                                extra: ["qualify: off"] + (follows ? ["redirects: follow"] : []))
                        ]))
                let dialer = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, call, rate: 1, holdMilliseconds: 200)
                let end = try await dialer.finish(within: .seconds(20))
                #expect(end == .exited(0), "\(dialer.complaints)")
                let carrierEnd = try await carrier.finish(within: .seconds(10))
                #expect(carrierEnd == .exited(0), "\(carrier.complaints)")
                let numbers =
                    call.map(\.number) + (follows ? ["+12125550111", "+12125550112"] : [])
                #expect(carrier.facts.map(\.number) == numbers)
                #expect(dialer.facts.first?.code == (follows ? 200 : 502))
                try await agent.waitUntilAllIsReleased()
                let records = try await agent.callRecords()
                #expect(records.map { $0.disposition == "ANSWERED" } == [follows])
                #expect(records.map(\.calledNumber) == call.map(\.number))
            }
        }
    }
}
