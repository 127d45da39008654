import TestSupport
import Testing

extension InteropTests {
    /// What the configuration says of trunks, seen from the carriers' side.
    @Suite struct TrunkPolicyTests {
        @Test(.timeLimit(.minutes(1)))
        func percentagesAreKeptToTheCall() async throws {
            try await withProcesses { scope in
                let first = try await scope.startCallee(Peer("127.0.0.3"))
                let second = try await scope.startCallee(Peer("127.0.0.4"))
                var configuration = configuration([
                    .byAddress("alpha-1", at: first.peer, channels: 50, extra: ["qualify: off"]),
                    .byAddress("beta-1", at: second.peer, channels: 50, extra: ["qualify: off"]),
                ])
                configuration.policy = "percent"
                configuration.routeTrunks = [
                    "{name: alpha-1, percent: 70%}", "{name: beta-1, percent: 30%}",
                ]
                let agent = try await scope.startAgent(configuration)
                let calls = NumberPlan.answeredAtOnce.calls(40)
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, calls, rate: 40, holdMilliseconds: 300)
                #expect(try await caller.finish(within: .seconds(20)) == .exited(0))
                #expect(first.count(.invited) == 28)
                #expect(second.count(.invited) == 12)
                let chosen = try await agent.events("routeChosen")
                #expect(chosen.count == 40)
                try await agent.waitUntilAllIsReleased()
            }
        }

        /// 30 calls at once on a trunk that takes 10 a second: all get through, and no second sees
        /// more than ten. The eleventh after any call is seized a second later or more; the wall
        /// clock of the log may be slewed, a thousandth at most.
        @Test(.timeLimit(.minutes(1)))
        func aBurstWaitsForItsTurn() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let agent = try await scope.startAgent(
                    configuration([
                        .byAddress(
                            "alpha-1", at: carrier.peer, channels: 50,
                            extra: ["qualify: off", "cps: 10", "cps_wait: 5s"])
                    ]))
                let calls = NumberPlan.answeredAtOnce.calls(30)
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, calls, rate: 100,
                    holdMilliseconds: 200)
                #expect(try await caller.finish(within: .seconds(30)) == .exited(0))
                #expect(caller.count(.answered) == 30)
                #expect(try await agent.events("channelRefused").isEmpty)
                let arrivals = carrier.facts.filter { $0.kind == .invited }.map(\.number)
                #expect(Set(arrivals).count == 30)
                let seizures = try await agent.events("channelSeized").compactMap(Self.seconds)
                #expect(seizures.count == 30)
                for (one, eleventh) in zip(seizures, seizures.dropFirst(10)) {
                    let gap = (eleventh - one + 86_400).truncatingRemainder(dividingBy: 86_400)
                    #expect(gap >= 0.998)
                }
                try await agent.waitUntilAllIsReleased()
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func numbersAndCallerAreWrittenAsTheCarrierWants() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let agent = try await scope.startAgent(
                    configuration([
                        .byAddress(
                            "alpha-1", at: carrier.peer, channels: 5,
                            extra: [
                                "qualify: off", "number: {format: plain, tech_prefix: \"00\"}",
                                "caller_id: {format: e164, p_asserted_identity: write}",
                            ])
                    ]))
                let call = NumberPlan.answeredAtOnce.calls(1)
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, call, rate: 1, holdMilliseconds: 100)
                #expect(try await caller.finish(within: .seconds(20)) == .exited(0))
                let written = "00" + (call.first?.number.dropFirst() ?? "")
                #expect(carrier.facts.first { $0.kind == .invited }?.number == written)
                let sent = try await agent.events("attemptSent").first?["invite"]?.string ?? ""
                #expect(sent.contains("P-Asserted-Identity: <sip:+12125550199@127.0.0.3>"))
                try await agent.waitUntilAllIsReleased()
                #expect(try await agent.callRecords().first?.calledNumber == call.first?.number)
            }
        }

        private func configuration(
            _ trunks: [AgentConfiguration.Trunk]
        ) -> AgentConfiguration {
            AgentConfiguration(
                listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"), trunks: trunks)
        }

        /// The instant of a fact, in seconds of its day.
        private static func seconds(_ fact: JSONValue) -> Double? {
            guard let text = fact["time"]?.string?.split(separator: "T").last?.dropLast() else {
                return nil
            }
            let parts = text.split(separator: ":").compactMap { Double($0) }
            return parts.count == 3 ? parts[0] * 3_600 + parts[1] * 60 + parts[2] : nil
        }
    }
}
