import TestSupport
import Testing

extension InteropTests {
    /// SIPp over IPv6. There is one loopback address: who calls is told by its port.
    @Suite struct IPv6Tests {
        private static let address = "::1"

        @Test(.timeLimit(.minutes(1)))
        func callsTravelOverIPv6BothWays() async throws {
            try await withProcesses { scope in
                var plan = CalleePlan()
                plan.refusedDigit = nil
                let carrier = try await scope.startCallee(Peer(Self.address), plan)
                let dialer = try await scope.startCallee(Peer(Self.address), plan)
                let inboundFrom = Peer(Self.address)
                let inbound = NumberPlan.answeredAtOnce.calls(5, from: 90_000)
                let agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: Peer(Self.address), dialerMatch: ["\"\(Self.address)\""],
                        dialerContact: dialer.peer,
                        trunks: [
                            .registered(
                                "alpha-1", at: carrier.peer, channels: 20, extra: ["match: []"]),
                            .init(
                                name: "beta-1", way: "address: sip:\(inboundFrom)", channels: 20,
                                extra: ["match: []", "qualify: off"]),
                        ], dids: inbound.map(\.number)))
                try await eventually("the registration is in the log") {
                    try await !agent.events("registrationSucceeded").isEmpty
                }
                let callers = try await placeCalls(scope, agent, inbound, from: inboundFrom)
                try await agent.waitUntilAllIsReleased()
                let callees = [carrier, dialer]
                try await eventually("the callees saw every end") {
                    callees.calls.values.allSatisfy { $0.answeredAt == nil || $0.endedAt != nil }
                }
                let records = try await agent.callRecords()
                let counts = Dictionary(grouping: records, by: \.disposition).mapValues(\.count)
                #expect(counts == ["ANSWERED": 15, "BUSY": 5, "CANCELLED": 5])
                #expect(
                    records.filter { $0.direction == "inbound" }.map(\.trunk)
                        == Array(repeating: "beta-1", count: 5))
                expectTalkTimes(
                    of: records, callers: callers.calls, callees: callees.calls, within: 400)
                #expect(try await agent.stop() == .exited(0))
            }
        }

        private func placeCalls(
            _ scope: ProcessScope, _ agent: Agent, _ inbound: [PlannedCall], from carrier: Peer
        ) async throws -> [Sipp] {
            let plans: [(NumberPlan, Bool)] = [
                (.answered, false), (.hungUpByFarEnd, false), (.busy, false), (.silent, true),
            ]
            var callers = try plans.map { plan, cancels in
                try scope.startCaller(
                    Peer(Self.address), to: agent.listen, plan.calls(5), rate: 5,
                    holdMilliseconds: cancels ? 300 : 1_000, cancels: cancels)
            }
            callers.append(
                try scope.startCaller(
                    carrier, to: agent.listen, inbound, rate: 5, holdMilliseconds: 500))
            for caller in callers {
                let status = try await caller.finish(within: .seconds(30))
                #expect(status == .exited(0), "\(caller.complaints)")
            }
            return callers
        }

        /// A carrier's first registrar is silent, its backup is of the other family: registration
        /// and calls go there, from the listener of that family.
        @Test(.timeLimit(.minutes(1)))
        func aBackupRegistrarMayBeOfTheOtherFamily() async throws {
            try await withProcesses { scope in
                let backup = try await scope.startCallee(Peer(Self.address))
                let mine = Peer(Self.address)
                var configuration = AgentConfiguration(
                    listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                    trunks: [
                        .registered(
                            "alpha-1", at: Peer("127.0.0.5"), channels: 5,
                            extra: [
                                "qualify: off", "backup_registrars: [\"\(backup.peer)\"]",
                            ])
                    ])
                configuration.moreListeners = ["udp://\(mine)"]
                let agent = try await scope.startAgent(configuration)
                try await eventually("the backup lets it in", within: .seconds(30)) {
                    try await agent.events("registrationSucceeded").last?["registrar"]?.string
                        == "udp:\(backup.peer)"
                }
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, NumberPlan.hungUpByFarEnd.calls(1),
                    rate: 1, holdMilliseconds: 3_000)
                #expect(
                    try await caller.finish(within: .seconds(20)) == .exited(0),
                    "\(caller.complaints)")
                let sent = try await agent.events("attemptSent").first
                #expect(sent?["local"]?.string == "udp:\(mine)")
                #expect(sent?["invite"]?.string?.contains("Contact: <sip:\(mine)>") == true)
                try await agent.waitUntilAllIsReleased()
                #expect(try await agent.callRecords().map(\.disposition) == ["ANSWERED"])
            }
        }
    }
}
