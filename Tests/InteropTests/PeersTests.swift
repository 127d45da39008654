import TestSupport
import Testing

extension InteropTests {
    /// The peers without the agent between them: what the other tests measure with is right.
    @Suite struct PeersTests {
        @Test(.timeLimit(.minutes(1)))
        func callerAndCalleeAgree() async throws {
            try await withProcesses { scope in
                let callee = try await scope.startCallee(Peer("127.0.0.3"))
                let plans: [NumberPlan] = [
                    .answered, .hungUpByFarEnd, .busy, .refusedByFirst, .answeredAtOnce,
                ]
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: callee.peer, plans.flatMap { $0.calls(5) }, rate: 25,
                    holdMilliseconds: 1_000)
                let givesUp = try scope.startCaller(
                    Peer("127.0.0.2"), to: callee.peer, NumberPlan.silent.calls(5), rate: 5,
                    holdMilliseconds: 200, cancels: true)
                for sipp in [caller, givesUp] {
                    let status = try await sipp.finish(within: .seconds(20))
                    #expect(status == .exited(0), "\(sipp.complaints)")
                    #expect(sipp.failedCalls == 0)
                }
                #expect(caller.successfulCalls == 25)
                #expect(caller.count(.answered) == 15)
                #expect(caller.count(.endedRemote) == 5)
                #expect(
                    caller.facts.filter { $0.kind == .refused }.map(\.code).sorted()
                        == Array(repeating: 486, count: 5) + Array(repeating: 503, count: 5))
                #expect(givesUp.count(.cancelled) == 5)
                #expect(callee.count(.cancelled) == 5)
                for (number, call) in caller.calls where call.answeredAt != nil {
                    let near = call.talkMilliseconds ?? -1
                    let far = callee.calls[number]?.talkMilliseconds ?? -1
                    #expect(abs(near - far) < 50, "\(number): \(near) ms and \(far) ms")
                }
            }
        }

        @Test(.timeLimit(.minutes(1)), arguments: [("secret", 1), ("wrong", 0)])
        func calleeAsksForDigest(secret: String, registrations: Int) async throws {
            try await withProcesses { scope in
                let callee = try await scope.startCallee(Peer("127.0.0.3"))
                let caller = try scope.startRegistrant(
                    Peer("127.0.0.2"), to: callee.peer, user: "2125550100", secret: secret)
                let status = try await caller.finish(within: .seconds(20))
                #expect(status == .exited(registrations == 1 ? 0 : 1))
                #expect(callee.count(.registered) == registrations)
            }
        }
    }
}
