import Foundation
import TestSupport
import Testing

extension InteropTests {
    /// Bad input: one line that says what and what to do, and a fitting exit status.
    @Suite struct BadInputTests {
        /// A good configuration's text with one part replaced, and words the complaint must have.
        private static let contradictions: [(change: (String, String), words: [String])] = [
            (("channels: 7", "chanels: 7"), ["chanels", "channels"]),
            (("channels: 7", "channels: many"), ["channels", "many"]),
            (("channels: 7", "channels: 0"), ["channels"]),
            (("- name: beta-1", "- name: alpha-1"), ["alpha-1"]),
            (("trunks: [alpha-1, beta-1]", "trunks: [alpha-1, gamma-1]"), ["gamma-1"]),
            (("    to: vicidial", "    to: asterisk"), ["asterisk"]),
            (("udp://", "carrier-pigeon://"), ["listen"]),
            (("    match: [127.0.0.2]", "    match: [127.0.0.2/99]"), ["127.0.0.2/99"]),
            (("node: test1", "node: [test1"), []),
            (("node: test1\n", ""), ["node"]),
        ]

        @Test(.timeLimit(.minutes(1)), arguments: contradictions.indices)
        func contradictoryConfigurationIsRefused(index: Int) async throws {
            let (change, words) = Self.contradictions[index]
            try await withProcesses { scope in
                let good = configuration(scope)
                #expect(good.contains(change.0))
                let text = good.replacingOccurrences(of: change.0, with: change.1)
                let path = try scope.write(text, to: "bad.yaml")
                let agent = try await scope.run(
                    Places.trunkledger, ["agent", "--config", path], within: .seconds(20))
                let said = agent.errorOutput
                #expect(agent.status == .exited(65), "\(said)")
                // One contradiction can show in several places: a line for each, with its place.
                #expect(!said.isEmpty)
                for line in said.split(separator: "\n") { #expect(line.contains("bad.yaml")) }
                for word in words { #expect(said.contains(word), "\(word): \(said)") }
                #expect(!said.contains("s3cret"))
                let check = try await scope.run(
                    Places.trunkledger, ["config", "check", "--config", path], within: .seconds(20))
                #expect(check.status == .exited(1), "\(check.errorOutput)")
                #expect(!FileManager.default.fileExists(atPath: "\(scope.directory)/ledger"))
            }
        }

        @Test func goodConfigurationPassesAndKeepsItsSecrets() async throws {
            try await withProcesses { scope in
                let path = try scope.write(configuration(scope), to: "good.yaml")
                let check = try await scope.run(
                    Places.trunkledger, ["config", "check", "--config", path])
                #expect(check.succeeded, "\(check.errorOutput)")
                #expect(!(check.output + check.errorOutput).contains("s3cret"))
            }
        }

        @Test func missingConfigurationIsNamed() async throws {
            try await withProcesses { scope in
                let agent = try await scope.run(
                    Places.trunkledger, ["agent", "--config", "nowhere.yaml"])
                expect(agent, status: 74, ["nowhere.yaml"])
            }
        }

        @Test func wrongUsageIsTold() async throws {
            try await withProcesses { scope in
                let usages = [
                    ["agent"], ["cdr", "show"], ["status", "--format", "xml"], ["dance"],
                ]
                for arguments in usages {
                    let outcome = try await scope.run(Places.trunkledger, arguments)
                    #expect(outcome.status == .exited(64), "\(arguments): \(outcome.errorOutput)")
                    #expect(!outcome.errorOutput.isEmpty)
                }
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func missingOrForeignLedgerIsNamed() async throws {
            try await withProcesses { scope in
                let foreign = "\(scope.directory)/foreign"
                try FileManager.default.createDirectory(
                    atPath: foreign, withIntermediateDirectories: true)
                try scope.write("somebody's photographs", to: "foreign/photo.jpg")
                let file = try scope.write("a file", to: "file")
                for ledger in ["\(scope.directory)/nothing", foreign, file] {
                    for query in [["status"], ["cdr", "list"], ["verify"], ["events"]] {
                        let outcome = try await scope.run(
                            Places.trunkledger, query + ["--ledger", ledger])
                        expect(outcome, status: 69, [ledger])
                    }
                }
                let agent = try await scope.run(
                    Places.trunkledger, ["agent", "--config", try config(scope, ledger: foreign)])
                expect(agent, status: 69, [foreign])
                #expect(try FileManager.default.contentsOfDirectory(atPath: foreign).count == 1)
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func secondWriterLearnsWhoHoldsTheLedger() async throws {
            try await withProcesses { scope in
                let first = try await scope.startAgent(agentConfiguration(Peer("127.0.0.1")))
                let path = try config(scope, ledger: first.ledger)
                let second = try await scope.run(Places.trunkledger, ["agent", "--config", path])
                expect(second, status: 69, ["\(first.child.pid)"])
                #expect(first.child.isRunning)
            }
        }

        @Test(.timeLimit(.minutes(1)))
        func portInUseIsNamed() async throws {
            try await withProcesses { scope in
                let taken = DatagramSocket(address: "127.0.0.1")
                let text = agentConfiguration(Peer("127.0.0.1", port: taken.port))
                    .yaml(ledger: "\(scope.directory)/ledger")
                let path = try scope.write(text, to: "port.yaml")
                let agent = try await scope.run(Places.trunkledger, ["agent", "--config", path])
                expect(agent, status: 74, ["\(taken.port)"])
            }
        }

        private func expect(_ outcome: Outcome, status: Int32, _ words: [String]) {
            let said = outcome.errorOutput
            #expect(outcome.status == .exited(status), "\(said)")
            #expect(said.split(separator: "\n").count == 1, "\(said)")
            for word in words { #expect(said.contains(word), "\(word): \(said)") }
            #expect(!said.contains("s3cret"))
        }

        private func agentConfiguration(_ listen: Peer) -> AgentConfiguration {
            AgentConfiguration(
                listen: listen, dialerContact: Peer("127.0.0.2"),
                trunks: [
                    .registered("alpha-1", at: Peer("127.0.0.3"), channels: 7, secret: "s3cret"),
                    .byAddress("beta-1", at: Peer("127.0.0.4"), channels: 9),
                ], dids: ["+12125550100"])
        }

        private func configuration(_ scope: ProcessScope) -> String {
            agentConfiguration(Peer("127.0.0.1")).yaml(ledger: "\(scope.directory)/ledger")
        }

        private func config(_ scope: ProcessScope, ledger: String) throws -> String {
            let name = "other.\(ledger.utf8.count).yaml"
            return try scope.write(
                agentConfiguration(Peer("127.0.0.1")).yaml(ledger: ledger), to: name)
        }
    }
}
