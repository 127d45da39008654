import Foundation
import TestSupport
import Testing

extension InteropTests {
    /// Session timers (RFC 4028) between a dialer and carriers of SIPp's. SIPp fails a call where
    /// an interval, a Min-SE or a refresh is missing or wrong.
    @Suite struct SessionIntervalTests {
        private func agent(_ scope: ProcessScope, _ carriers: [Sipp]) async throws -> Agent {
            let trunks = zip(["alpha-1", "beta-1"], carriers).map { name, carrier in
                AgentConfiguration.Trunk.byAddress(
                    name, at: carrier.peer, channels: 1, extra: ["qualify: off"])
            }
            return try await scope.startAgent(
                AgentConfiguration(
                    listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"), trunks: trunks))
        }

        /// The dialer asks for too short an interval, and we ask the carrier for one.
        @Test(.timeLimit(.minutes(1)))
        func anIntervalTooSmallIsRefusedAndOursIsRaised() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(
                    Peer("127.0.0.3"), named: "callee-interval.xml", calls: 1)
                let agent = try await agent(scope, [carrier])
                let dialer = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, named: "caller-interval.xml",
                    NumberPlan.answeredAtOnce.calls(1), ["HOLD": "300"])
                let end = try await dialer.finish(within: .seconds(20))
                #expect(end == .exited(0), "\(dialer.complaints)")
                let carrierEnd = try await carrier.finish(within: .seconds(10))
                #expect(carrierEnd == .exited(0), "\(carrier.complaints)")
                try await agent.waitUntilAllIsReleased()
                let records = try await agent.callRecords()
                #expect(records.map(\.disposition) == ["ANSWERED"])
            }
        }

        /// 90 s is the least that the RFC allows, so that this takes a minute: the carriers get our
        /// refreshes after 45 s, and the dialer, which sends none, is hung up after 60 s.
        @Test(
            .enabled(
                if: ProcessInfo.processInfo.environment["TRUNKLEDGER_MINUTES"] != nil,
                "takes a minute; set TRUNKLEDGER_MINUTES=1"),
            .timeLimit(.minutes(2)))
        func weRefreshOurSideAndHangUpWhoDoesNot() async throws {
            let described =
                "Content-Type: application/sdp\nContent-Length: [len]\n\nv=0\n"
                + "o=callee 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [local_ip]\nt=0 0\n"
                + "m=audio 6000 RTP/AVP 0"
            try await withProcesses { scope in
                let byUpdate = try await scope.startCallee(
                    Peer("127.0.0.3"), named: "callee-refreshed.xml", calls: 1,
                    [
                        "METHOD": "UPDATE", "ALLOW": "INVITE, ACK, BYE, CANCEL, UPDATE",
                        "SESSION": "Content-Length: 0\n",
                    ])
                let byInvite = try await scope.startCallee(
                    Peer("127.0.0.4"), named: "callee-refreshed.xml", calls: 1,
                    [
                        "METHOD": "INVITE", "ALLOW": "INVITE, ACK, BYE, CANCEL",
                        "SESSION": described,
                    ])
                let agent = try await agent(scope, [byUpdate, byInvite])
                let dialer = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, named: "caller-interval.xml",
                    NumberPlan.answeredAtOnce.calls(2), ["HOLD": "80000"])
                for peer in [dialer, byUpdate, byInvite] {
                    let end = try await peer.finish(within: .seconds(75))
                    #expect(end == .exited(0), "\(peer.complaints)")
                }
                #expect(dialer.count(.endedRemote) == 2)
                try await agent.waitUntilAllIsReleased()
                let records = try await agent.callRecords()
                #expect(Set(records.map(\.trunk)) == ["alpha-1", "beta-1"])
                #expect(records.map(\.endSource) == ["session_timer", "session_timer"])
                #expect(records.allSatisfy { (59_000...63_000).contains($0.talkMilliseconds) })
            }
        }
    }
}
