import TestSupport
import Testing

extension InteropTests {
    /// `kill -9` at random moments under load: nothing is lost, leaked or counted twice.
    @Suite struct KillTests {
        /// As for calls without a crash: the other side hears of an answer once it is on disk.
        private static let toleranceMilliseconds = 50.0

        @Test(.timeLimit(.minutes(4)))
        func everyAnsweredCallHasItsRecord() async throws {
            let seed = Seed(for: "KillTests")
            var random = seed.generator()
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                var agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                        trunks: [
                            .byAddress(
                                "alpha-1", at: carrier.peer, channels: 2_000,
                                extra: ["qualify: off"])
                        ]))
                let calls = mixedCalls(5_000, &random)
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, calls, rate: 50, holdMilliseconds: 1_000,
                    lingerMilliseconds: 4_000)
                for round in 1...20 {
                    let life = Duration.milliseconds(Int.random(in: 100...900, using: &random))
                    try await Task.sleep(for: life)  // the random moment itself, not a wait
                    agent.child.killNow()
                    agent = try await agent.restarted()
                    try await expectNoDeadCallHoldsAChannel(agent, "\(seed), kill \(round)")
                }
                caller.placeNoMoreCalls()
                try await caller.finish(within: .seconds(60))
                try await expectAllReleased(agent)
                let records = try await agent.callRecords()
                expectRecords(records, contain: caller, side: "dialer", seed)
                expectRecords(records, contain: carrier, side: "carrier", seed)
                #expect(caller.count(.answered) > 100, "\(seed)")
                let verified = try await agent.ask(["verify"])
                #expect(verified.succeeded, "\(seed) \(verified.output)\(verified.errorOutput)")
            }
        }

        /// Both sides hang up, some numbers are busy: kills hit every state of a call.
        private func mixedCalls(_ count: Int, _ random: inout SeededGenerator) -> [PlannedCall] {
            let plans: [NumberPlan] = [
                .answered, .answered, .answered, .hungUpByFarEnd, .answeredAtOnce, .busy,
            ]
            return (0..<count).map { index in
                let plan = plans.randomElement(using: &random) ?? .answered
                return plan.calls(1, from: index)[0]
            }
        }

        /// Recovery may wait 64*T1 = 32 s for a silent peer; ours answer at once.
        private func expectNoDeadCallHoldsAChannel(_ agent: Agent, _ when: String) async throws {
            do {
                try await eventually("calls of the dead process are closed", within: .seconds(40)) {
                    try await heldSinceBeforeStart(agent).isEmpty
                }
            } catch let error as TimedOut {
                let held = try await heldSinceBeforeStart(agent)
                Issue.record("\(when): \(error); still held: \(held)")
            }
        }

        /// Of the last minute: an older one that is still held shows in the end's full count.
        private func heldSinceBeforeStart(_ agent: Agent) async throws -> [String] {
            let lately = ["--from", "-1m"]
            let starts = try await agent.events("agentStarted", lately)
            let boot = starts.compactMap { $0["position"]?.int }.max() ?? 0
            let seized = try await agent.events("channelSeized", lately).filter {
                $0["position"]?.int ?? 0 < boot
            }
            // A wider window: it moves on between the two questions.
            let released = Set(
                try await agent.events("channelReleased", ["--from", "-2m"]).map(slot))
            return seized.map(slot).filter { !released.contains($0) }
        }

        private func slot(_ event: JSONValue) -> String {
            let call = event["call"]?.string ?? "?"
            return "\(event["trunk"]?.string ?? "?") \(call) \(event["attempt"]?.int ?? -1)"
        }

        private func expectAllReleased(_ agent: Agent) async throws {
            try await agent.waitUntilAllIsReleased(within: .seconds(40))
            let seized = try await agent.events("channelSeized").map(slot)
            let released = try await agent.events("channelReleased").map(slot)
            #expect(Set(seized).count == seized.count)
            #expect(seized.sorted() == released.sorted())
        }

        private func expectRecords(
            _ records: [CallRecord], contain peer: Sipp, side: String, _ seed: Seed
        ) {
            let answered = Dictionary(
                grouping: records.filter { $0.disposition == "ANSWERED" }, by: \.calledNumber)
            for (number, call) in peer.calls where call.answeredAt != nil {
                let rows = answered[number, default: []]
                #expect(rows.count == 1, "\(seed): \(side) saw \(number) answered")
                guard let talk = call.talkMilliseconds, let row = rows.first else { continue }
                let said = "\(row.talkMilliseconds) + \(row.endUncertaintyMilliseconds) ms"
                let isWithin = row.bounds(contain: talk, tolerance: Self.toleranceMilliseconds)
                #expect(isWithin, "\(seed): \(side) \(number) \(talk) ms, CDR \(said)")
            }
        }
    }
}
