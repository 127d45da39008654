import Foundation
import TestSupport
import Testing

extension InteropTests {
    /// A minute of what `tools/bench soak` does for half an hour.
    @Suite struct SoakTests {
        private static let rate = 50
        /// After 64*T1 (32 s) as much lingers of ended calls as ever will.
        private static let settlingSeconds = 36
        private static let halfSeconds = 12
        /// Saved projections are encoded now and then, and a look may meet that.
        private static let slackKilobytes = 2_048

        @Test(.timeLimit(.minutes(3)))
        func memoryStaysWhereItIs() async throws {
            try await withProcesses { scope in
                let alpha = try await scope.startCallee(Peer("127.0.0.3"))
                let listen = Peer("127.0.0.1")
                let agent = try await scope.startAgent(
                    AgentConfiguration(
                        listen: listen, dialerContact: Peer("127.0.0.2"),
                        trunks: [
                            .byAddress(
                                "alpha-1", at: alpha.peer, channels: 1_000,
                                extra: ["qualify: off"])
                        ], dids: []))
                let count = Self.rate * (Self.settlingSeconds + 2 * Self.halfSeconds)
                let caller = try scope.startCaller(
                    Peer("127.0.0.2"), to: listen, NumberPlan.answeredAtOnce.calls(count),
                    rate: Self.rate, holdMilliseconds: 300)
                try await Task.sleep(for: .seconds(Self.settlingSeconds))
                let first = try await Self.kilobytes(of: agent)
                let second = try await Self.kilobytes(of: agent)
                #expect(second <= first + Self.slackKilobytes)
                try await caller.finish(within: .seconds(60))
                #expect(caller.successfulCalls == count, "\(caller.complaints.prefix(500))")
            }
        }

        /// The median of what proc(5) says each second of a half.
        private static func kilobytes(of agent: Agent) async throws -> Int {
            var looks: [Int] = []
            for _ in 0..<halfSeconds {
                try await Task.sleep(for: .seconds(1))
                looks.append(try anonymousKilobytes(agent.child.pid))
            }
            return looks.sorted()[looks.count / 2]
        }

        private static func anonymousKilobytes(_ process: Int32) throws -> Int {
            let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
            let value = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
            return try #require(value.flatMap { Int($0) })
        }
    }
}
