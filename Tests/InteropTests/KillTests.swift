import Foundation
import TestSupport
import Testing

extension InteropTests {
    /// `kill -9` at random moments under load: nothing is lost, leaked or counted twice, and calls
    /// that are up go on. `TRUNKLEDGER_KILLS=100` kills more often than the usual 20 times.
    @Suite struct KillTests {
        /// As for calls without a crash.
        private static let toleranceMilliseconds = 50.0

        private static let kills =
            ProcessInfo.processInfo.environment["TRUNKLEDGER_KILLS"].flatMap { Int($0) } ?? 20

        /// Copies of a BYE that was sent while no agent listened follow each other by T2 at most.
        private static let copySpan = Duration.seconds(4)

        @Test(.timeLimit(.minutes(20)))
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
                let calls = mixedCalls(200 * Self.kills + 1_000, &random)
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: agent.listen, calls, rate: 100, holdMilliseconds: 1_000,
                    lingerMilliseconds: 4_000)
                var longestOutage = Duration.zero
                for round in 1...Self.kills {
                    let life = Duration.milliseconds(Int.random(in: 100...900, using: &random))
                    try await Task.sleep(for: life)  // the random moment itself, not a wait
                    let killed = ContinuousClock.now
                    agent.child.killNow()
                    agent = try await agent.restarted()
                    longestOutage = max(longestOutage, killed.duration(to: .now))
                    // Every other time only: calls that are killed twice must go on as well.
                    guard round.isMultiple(of: 2) else { continue }
                    try await expectOldCallsEnd(agent, "\(seed), kill \(round)")
                }
                caller.placeNoMoreCalls()
                try await caller.finish(within: .seconds(60))
                try await expectAllReleased(agent)
                let records = try await agent.callRecords()
                expectRecords(records, contain: caller.calls, and: carrier.calls, seed)
                expectKept(records, by: caller, and: carrier, longestOutage, seed)
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

        private func slot(_ event: JSONValue) -> String {
            let call = event["call"]?.string ?? "?"
            return "\(event["trunk"]?.string ?? "?") \(call) \(event["attempt"]?.int ?? -1)"
        }

        /// Calls from before the start last a second more, so that whatever still holds a channel
        /// then is dead. Recovery may wait 64*T1 = 32 s for a silent peer; ours answer at once.
        private func expectOldCallsEnd(_ agent: Agent, _ when: String) async throws {
            do {
                try await eventually("calls from before the kill are over", within: .seconds(40)) {
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

        private func expectAllReleased(_ agent: Agent) async throws {
            try await agent.waitUntilAllIsReleased(within: .seconds(40))
            let seized = try await agent.events("channelSeized").map(slot)
            let released = try await agent.events("channelReleased").map(slot)
            #expect(Set(seized).count == seized.count)
            #expect(seized.sorted() == released.sorted())
        }

        /// A call that both sides had is not ended by the agent, and its end is known as closely as
        /// the outage lets it be.
        private func expectKept(
            _ records: [CallRecord], by caller: Sipp, and carrier: Sipp, _ outage: Duration,
            _ seed: Seed
        ) {
            let callerSaw = caller.calls
            let carrierSaw = carrier.calls
            let limit = (outage + Self.copySpan) / .milliseconds(1)
            var goneOn = 0
            for row in records where row.disposition == "ANSWERED" {
                guard callerSaw[row.calledNumber]?.answeredAt != nil,
                    carrierSaw[row.calledNumber]?.answeredAt != nil
                else { continue }
                let said = "\(row.calledNumber) ended by \(row.endedBy), \(row.endSource)"
                #expect(row.endedBy != "agent" && row.endSource == "bye", "\(seed): \(said)")
                let width = row.endUncertaintyMilliseconds
                #expect(width <= limit, "\(seed): \(row.calledNumber) \(width) ms")
                if row.flags.contains("continued") { goneOn += 1 }
            }
            print("\(records.count) records, \(goneOn) calls went on, outage \(outage) at most")
            #expect(goneOn > 0, "\(seed)")
        }

        private func expectRecords(
            _ records: [CallRecord], contain callers: [String: SippCall],
            and callees: [String: SippCall], _ seed: Seed
        ) {
            let answered = Dictionary(
                grouping: records.filter { $0.disposition == "ANSWERED" }, by: \.calledNumber)
            for number in Set(callers.keys).union(callees.keys) {
                let (caller, callee) = (callers[number], callees[number])
                guard caller?.answeredAt != nil || callee?.answeredAt != nil else { continue }
                let rows = answered[number, default: []]
                #expect(rows.count == 1, "\(seed): \(number) was answered")
                guard let talk = talkMilliseconds(caller, callee), let row = rows.first else {
                    continue
                }
                let said = "\(row.talkMilliseconds) + \(row.endUncertaintyMilliseconds) ms"
                let isWithin = row.bounds(contain: talk, tolerance: Self.toleranceMilliseconds)
                #expect(isWithin, "\(seed): \(number) \(talk) ms, CDR \(said)")
            }
        }
    }
}
