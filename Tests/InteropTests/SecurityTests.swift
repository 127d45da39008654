import Foundation
import TestSupport
import Testing

extension InteropTests {
    /// Strangers, wrong passwords and replays, beside a dialer that goes on with its calls.
    @Suite struct SecurityTests {
        private static let dialer = "127.0.0.2"
        private static let password = "dialers-s3cret"

        @Test(.timeLimit(.minutes(1)))
        func aFloodOfStrangersHurtsNoCall() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let agent = try await scope.startAgent(configuration(carrier))
                let caller = try scope.startCaller(
                    Peer(Self.dialer), to: agent.listen, NumberPlan.answeredAtOnce.calls(60),
                    rate: 20, holdMilliseconds: 300)
                let stranger = DatagramSocket(address: "127.0.0.9")
                var sent = 0
                while caller.child.isRunning {
                    for _ in 0..<100 {
                        let bytes = Self.invite(from: stranger, "flood-\(sent)")
                        stranger.send(
                            bytes, to: agent.listen.address, port: agent.listen.port)
                        sent += 1
                    }
                    // Some 10,000 a second, and none of them is answered.
                    #expect(stranger.receive(within: .milliseconds(10)) == nil)
                }
                #expect(try await caller.finish(within: .seconds(20)) == .exited(0))
                #expect(caller.count(.answered) == 60 && caller.failedCalls == 0)
                #expect(stranger.receive(within: .milliseconds(100)) == nil)
                try await agent.waitUntilAllIsReleased()
                #expect(try await agent.events("callStarted").count == 60)
                #expect(try await agent.stop() == .exited(0))
                let dropped = try await agent.document(["status"])["strangers_dropped"]?.int ?? 0
                #expect(dropped > 1_000 && dropped <= sent, "\(dropped) of \(sent)")
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func wrongPasswordsBanForAWhile() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let agent = try await scope.startAgent(
                    configuration(
                        carrier, password: true,
                        extra: ["security: {ban_after: 3, ban_window: 30s, ban_time: 8s}"]))
                let calls = NumberPlan.answeredAtOnce.calls(5)
                let guesser = try place(scope, Array(calls[..<3]), agent, secret: "guess")
                #expect(try await guesser.finish(within: .seconds(10)) == .exited(0))
                #expect(guesser.facts.map(\.code) == [403, 403, 403])
                // The refusal does not wait until the ban is on the disk.
                try await eventually("the ban is recorded", within: .seconds(4)) {
                    try await agent.events("sourceBanned").count == 1
                }
                let banned = try await agent.document(["status"])["banned"]?.elements ?? []
                #expect(banned.map { $0["source"]?.string } == [Self.dialer])
                #expect(banned.map { $0["dialer"]?.string } == ["vicidial"])
                // The right password comes too late: nothing is answered.
                let late = try place(scope, [calls[3]], agent, secret: Self.password)
                #expect(try await late.finish(within: .seconds(10)) == .exited(1))
                #expect(late.facts.isEmpty)
                try await eventually("the ban is over", within: .seconds(20)) {
                    try await agent.document(["status"])["banned"]?.elements.isEmpty == true
                }
                let welcome = try place(scope, [calls[4]], agent, secret: Self.password)
                let status = try await welcome.finish(within: .seconds(10))
                #expect(status == .exited(0), "\(welcome.complaints)")
                #expect(welcome.facts.map(\.kind) == [.answered, .endedLocal])
                #expect(try await agent.events("sourceBanned").count == 1)
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func aReplayedAnswerPlacesNoCallAndNoSecretIsPrinted() async throws {
            try await withProcesses { scope in
                let carrier = try await scope.startCallee(Peer("127.0.0.3"))
                let agent = try await scope.startAgent(configuration(carrier, password: true))
                let calls = NumberPlan.answeredAtOnce.calls(1)
                let caller = try place(scope, calls, agent, secret: Self.password)
                let status = try await caller.finish(within: .seconds(10))
                #expect(status == .exited(0), "\(caller.complaints)")
                try await agent.waitUntilAllIsReleased()
                let logged = try #require(
                    try await agent.events("callStarted").first?["invite"]?.string)
                #expect(logged.contains("Digest username=\"pbx\""))
                let thief = DatagramSocket(address: Self.dialer)
                thief.send(
                    Self.replay(of: logged, from: thief), to: agent.listen.address,
                    port: agent.listen.port)
                let answer = try #require(thief.receive(within: .seconds(2)))
                let text = String(decoding: answer, as: UTF8.self)
                #expect(text.hasPrefix("SIP/2.0 401 ") && text.contains("stale=true"), "\(text)")
                #expect(thief.receive(within: .milliseconds(1_500)) == nil)
                #expect(try await agent.events("callStarted").count == 1)
                try await expectNoSecret(scope, agent)
            }
        }

        private func place(
            _ scope: ProcessScope, _ calls: [PlannedCall], _ agent: Agent, secret: String
        ) throws -> Sipp {
            try scope.startCaller(
                Peer(Self.dialer), to: agent.listen, calls, user: "pbx", secret: secret)
        }

        private func configuration(
            _ carrier: Sipp, password: Bool = false, extra: [String] = []
        ) -> AgentConfiguration {
            var configuration = AgentConfiguration(
                listen: Peer("127.0.0.1"), dialerContact: Peer(Self.dialer),
                trunks: [
                    .byAddress(
                        "alpha-1", at: carrier.peer, channels: 60, extra: ["qualify: off"])
                ])
            if password { configuration.dialerExtra = ["auth: pbx:\(Self.password)"] }
            configuration.extra = extra
            return configuration
        }

        private static func invite(from socket: DatagramSocket, _ id: String) -> [UInt8] {
            let own = "\(socket.address):\(socket.port)"
            let lines = [
                "INVITE sip:+12125550100@127.0.0.1 SIP/2.0",
                "Via: SIP/2.0/UDP \(own);branch=z9hG4bK\(id)", "Max-Forwards: 70",
                "From: <sip:a@\(own)>;tag=\(id)", "To: <sip:+12125550100@127.0.0.1>",
                "Call-ID: \(id)", "CSeq: 1 INVITE", "Contact: <sip:a@\(own)>",
                "Content-Length: 0",
            ]
            return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        }

        /// The same INVITE with a Via, a Call-ID and a tag of its own, and the same credentials.
        private static func replay(of invite: String, from socket: DatagramSocket) -> [UInt8] {
            let lines = invite.components(separatedBy: "\r\n").map { line in
                if line.hasPrefix("Via:") {
                    return "Via: SIP/2.0/UDP \(socket.address):\(socket.port);branch=z9hG4bKreplay"
                }
                return line.hasPrefix("Call-ID:") ? "Call-ID: replay" : line
            }
            return Array(lines.joined(separator: "\r\n").utf8)
        }

        /// Everything that is printed about an agent that knows one.
        private func expectNoSecret(_ scope: ProcessScope, _ agent: Agent) async throws {
            var printed = agent.child.output + agent.child.errorOutput
            for arguments in [["events"], ["status"], ["cdr", "list"]] {
                let outcome = try await agent.ask(arguments + ["--format", "json"])
                printed += outcome.output + outcome.errorOutput
            }
            let check = ["config", "check", "--config", agent.configurationPath]
            for arguments in [check, check + ["--format", "json"]] {
                let outcome = try await scope.run(Places.trunkledger, arguments)
                printed += outcome.output + outcome.errorOutput
            }
            #expect(printed.contains("pbx"))
            #expect(!printed.contains(Self.password))
        }
    }
}
