import TestSupport
import Testing

extension InteropTests {
    /// 200 calls of every kind: what the log says agrees with what the peers counted and measured.
    @Suite struct MixedCallsTests {
        @Test(.timeLimit(.minutes(2)))
        func recordsAgreeWithThePeers() async throws {
            try await withProcesses { scope in
                let stage = try await MixedCallsStage(scope)
                let seen = try await stage.placeAll()
                stage.expectOutcomes(seen)
                try await stage.agent.waitUntilAllIsReleased()
                let records = try await stage.agent.callRecords()
                stage.expectRecords(records, agreeWith: seen)
                try await stage.expectNothingHeldAndLogWhole()
            }
        }
    }
}

/// Two carriers (one that demands digest registration, one that knows us by address) and a dialer.
private struct MixedCallsStage {
    let scope: ProcessScope
    let agent: Agent
    let dialerAddress = "127.0.0.2"
    let listen: Peer
    let alpha: Sipp
    let beta: Sipp
    let dialer: Sipp
    let inbound: [PlannedCall]

    /// What the callers and the callees saw, by number.
    struct Seen {
        var callers: [String: SippCall] = [:]
        var callees: [String: SippCall] = [:]
        var complaints = ""
    }

    init(_ scope: ProcessScope) async throws {
        self.scope = scope
        var betaPlan = CalleePlan()
        betaPlan.refusedDigit = nil
        alpha = try await scope.startCallee(Peer("127.0.0.3"))
        beta = try await scope.startCallee(Peer("127.0.0.4"), betaPlan)
        dialer = try await scope.startCallee(Peer(dialerAddress))
        listen = Peer("127.0.0.1")
        inbound = NumberPlan.answeredAtOnce.calls(10, from: 90_000)
        let timers = ["no_answer_timeout: 1s", "progress_timeout: 5s", "qualify: off"]
        let configuration = AgentConfiguration(
            listen: listen, dialerContact: dialer.peer,
            trunks: [
                .registered("alpha-1", at: alpha.peer, channels: 100, extra: timers),
                .byAddress("beta-1", at: beta.peer, channels: 100, extra: timers),
            ],
            dids: inbound.map(\.number))
        let agent = try await scope.startAgent(configuration)
        self.agent = agent
        let alpha = self.alpha
        try await eventually("alpha-1 is registered") { alpha.count(.registered) > 0 }
        try await eventually("the registration is in the log") {
            try await !agent.events("registrationSucceeded").isEmpty
        }
    }

    func placeAll() async throws -> Seen {
        let outbound: [(NumberPlan, Int)] = [
            (.answered, 60), (.hungUpByFarEnd, 30), (.busy, 30), (.silent, 20),
            (.refusedByFirst, 30),
        ]
        var callers = try outbound.map { plan, count in
            try scope.startCaller(
                Peer(dialerAddress), to: listen, plan.calls(count), rate: 10,
                holdMilliseconds: 1_500)
        }
        callers.append(
            try scope.startCaller(
                Peer(dialerAddress), to: listen, NumberPlan.silent.calls(20, from: 500), rate: 10,
                holdMilliseconds: 300, cancels: true))
        callers.append(
            try scope.startCaller(
                Peer(beta.peer.address), to: listen, inbound, rate: 5, holdMilliseconds: 1_000))
        var seen = Seen()
        for caller in callers {
            let status = try await caller.finish(within: .seconds(60))
            #expect(status == .exited(0), "\(caller.complaints)")
            #expect(caller.failedCalls ?? 0 == 0)
            seen.callers.merge(caller.calls) { first, _ in first }
            seen.complaints += caller.complaints
        }
        try await eventually("the callees saw every end", within: .seconds(5)) {
            let calls = [alpha, beta, dialer].flatMap(\.calls.values)
            return calls.allSatisfy { $0.answeredAt == nil || $0.endedAt != nil }
        }
        for callee in [alpha, beta, dialer] {
            seen.callees.merge(callee.calls) { $0.answeredAt != nil ? $0 : $1 }
        }
        return seen
    }

    func expectOutcomes(_ seen: Seen) {
        func codes(_ plan: NumberPlan, _ count: Int, from offset: Int = 0) -> Set<Int> {
            Set(
                plan.calls(count, from: offset).map { call in
                    let side = seen.callers[call.number]
                    return side?.answeredAt != nil ? 200 : side?.refusal?.code ?? 0
                })
        }
        #expect(codes(.answered, 60) == [200])
        #expect(codes(.hungUpByFarEnd, 30) == [200])
        #expect(codes(.busy, 30) == [486])
        #expect(codes(.silent, 20).isSubset(of: [408, 480, 487]))
        #expect(codes(.refusedByFirst, 30) == [200])
        #expect(codes(.silent, 20, from: 500) == [487])
        #expect(codes(.answeredAtOnce, 10, from: 90_000) == [200])
        #expect(seen.callers.count == 200)
    }

    func expectRecords(_ records: [CallRecord], agreeWith seen: Seen) {
        let byNumber = Dictionary(grouping: records) { $0.did.isEmpty ? $0.calledNumber : $0.did }
        func expect(_ calls: [PlannedCall], _ legs: [(trunk: String, disposition: String)]) {
            for call in calls {
                let rows = byNumber[call.number, default: []].sorted {
                    $0.attemptNumber < $1.attemptNumber
                }
                #expect(rows.map(\.trunk) == legs.map(\.trunk), "\(call.number)")
                #expect(rows.map(\.disposition) == legs.map(\.disposition), "\(call.number)")
                #expect(Set(rows.map(\.callID)).count == 1, "\(call.number)")
            }
        }
        expect(NumberPlan.answered.calls(60), [("alpha-1", "ANSWERED")])
        expect(NumberPlan.hungUpByFarEnd.calls(30), [("alpha-1", "ANSWERED")])
        expect(NumberPlan.busy.calls(30), [("alpha-1", "BUSY")])
        expect(NumberPlan.silent.calls(20), [("alpha-1", "NO_ANSWER")])
        expect(NumberPlan.silent.calls(20, from: 500), [("alpha-1", "CANCELLED")])
        expect(
            NumberPlan.refusedByFirst.calls(30),
            [("alpha-1", "CARRIER_FULL"), ("beta-1", "ANSWERED")])
        expect(inbound, [("beta-1", "ANSWERED")])
        #expect(records.count == 230)
        #expect(Set(records.map(\.id)).count == records.count)

        expectTalkTimes(of: records, callers: seen.callers, callees: seen.callees)
        let references = Set(records.filter { $0.direction == "outbound" }.map(\.dialerReference))
        #expect(references.contains("V000000") && references.contains("V400029"))
    }

    func expectNothingHeldAndLogWhole() async throws {
        #expect(try await agent.occupancy() == ["alpha-1": 0, "beta-1": 0])
        let live = try await agent.ask(["verify"])
        #expect(live.succeeded, "\(live.output)\(live.errorOutput)")
        #expect(try await agent.stop() == .exited(0))
        let stopped = try await agent.ask(["verify"])
        #expect(stopped.succeeded, "\(stopped.output)\(stopped.errorOutput)")
        let projections = try await agent.document(["rebuild"]).objects.filter {
            $0["sha256_before"] != nil
        }
        #expect(projections.count >= 3)
        for projection in projections {
            #expect(projection["sha256_before"] == projection["sha256_after"], "\(projection)")
        }
    }
}
