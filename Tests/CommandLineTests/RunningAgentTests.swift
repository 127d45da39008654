import Foundation
import TestSupport
import Testing

/// Commands beside a running agent: it records for them, and they read what it wrote.
@Suite(.timeLimit(.minutes(1))) struct RunningAgentTests {
    private func withAgent(_ check: (ProcessScope, Agent) async throws -> Void) async throws {
        try await withProcesses { scope in
            let agent = try await scope.startAgent(
                AgentConfiguration(
                    listen: Peer("127.0.0.1"), dialerContact: Peer("127.0.0.2"),
                    trunks: [
                        .byAddress(
                            "alpha-1", at: Peer("127.0.0.3"), channels: 7, extra: ["qualify: off"])
                    ]))
            try await check(scope, agent)
        }
    }

    @Test func aReadyAgentStandsInItsLog() async throws {
        try await withAgent { _, agent in
            let started = try await agent.events("agentStarted")
            let configured = try await agent.events("trunkConfigured")
            #expect(started.count == 1 && configured.count == 1)
        }
    }

    @Test func exportsGoThroughTheAgentAndContinueAfterIt() async throws {
        try await withAgent { scope, agent in
            let out = "\(scope.directory)/out with blanks"
            let first = try await agent.document(["cdr", "export", "--out", out])
            #expect(first["sequence"]?.int == 1)
            let file = try #require(first["file"]?.string)
            #expect(FileManager.default.fileExists(atPath: "\(out)/\(file)"))
            #expect(try await agent.events("exportClosed").count == 1)
            #expect(try await agent.stop() == .exited(0))
            let second = try await agent.document(["cdr", "export", "--out", out])
            #expect(second["sequence"]?.int == 2)
            #expect(second["previous_sha256"] == first["sha256"])
        }
    }

    @Test func anInvoiceIsRecordedByTheAgent() async throws {
        try await withAgent { scope, agent in
            let invoice = try scope.write(
                "Start Time,From,To,Duration,Cost\n"
                    + "2026-11-22 14:00:00,12125550100,13055550101,60,0.01\n", to: "a.csv")
            let outcome = try await agent.ask(["reconcile", "--invoice", invoice])
            #expect(outcome.status == .exited(1), "\(outcome.errorOutput)")
            let facts = try await agent.events("invoiceLoaded")
            #expect(facts.map { $0["finding_count"]?.int } == [1])
            #expect(agent.child.isRunning)
        }
    }

    @Test func aDeckIsRecordedByTheAgentWhoseNextBatchIsPriced() async throws {
        try await withAgent { scope, agent in
            let deck = try scope.write("prefix,rate\n1,0.01\n", to: "deck.csv")
            let loaded = try await agent.ask(["rate", "load", deck, "--carrier", "alpha"])
            #expect(loaded.succeeded, "\(loaded.errorOutput)")
            let facts = try await agent.events("rateDeckLoaded")
            #expect(facts.map { $0["rate_count"]?.int } == [1])
            let out = "\(scope.directory)/out"
            let batch = try await agent.document(["cdr", "export", "--out", out])
            let file = try #require(batch["file"]?.string)
            let header = try String(contentsOfFile: "\(out)/\(file)", encoding: .utf8)
            #expect(header.hasSuffix(",rated_s,rate,amount,currency,deck_sha256\r\n"))
            #expect(agent.child.isRunning)
        }
    }

    @Test func anExportThatCannotBeWrittenIsNamed() async throws {
        try await withAgent { scope, agent in
            let file = try scope.write("a file", to: "taken")
            let outcome = try await agent.ask(["cdr", "export", "--out", file])
            #expect(outcome.status == .exited(74))
            #expect(outcome.errorOutput.hasPrefix("trunkledger: the agent could not export: "))
            #expect(outcome.errorOutput.split(separator: "\n").count == 1)
        }
    }

    @Test func theAgentSignsWhileItRuns() async throws {
        try await withAgent { scope, agent in
            let head = try await agent.document(["checkpoint"])
            let size = try #require(head["size"]?.int)
            #expect(try await agent.document(["checkpoint", "--newest"]) == head)
            let outcome = try await agent.ask(["prove", "\(size)"])
            let proof = try scope.write(outcome.output, to: "proof")
            let found = try await agent.document(
                ["verify", "--proof", proof, "--key", "\(agent.ledger)/key.pub"])
            #expect(found["sound"] == .truth(true))
            #expect(agent.child.isRunning)
        }
    }

    @Test func theAgentSealsWhileItRuns() async throws {
        try await withAgent { _, agent in
            _ = try await agent.document(["cdr", "export"])
            let before = try await agent.events("trunkConfigured")
            let sealed = try await agent.document(["seal"])
            #expect(try #require(sealed["sealed_through"]?.int) > 0)
            #expect(try await agent.events("trunkConfigured") == before)
            #expect(try await agent.document(["verify"])["sound"] == .truth(true))
            #expect(agent.child.isRunning)
        }
    }

    /// The windows of the configuration stand in the log, from which `uptime` works.
    @Test func maintenanceIsRecordedWhenItIsLoaded() async throws {
        try await withAgent { scope, agent in
            let path = agent.configurationPath
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let window = "2026-01-01T00:00:00Z/2100-01-01T00:00:00Z"
            try text.replacing("qualify: off", with: "maintenance: '\(window)'")
                .write(toFile: path, atomically: true, encoding: .utf8)
            agent.child.signal(1)
            try await eventually("the windows are in the log") {
                try await agent.events("trunkConfigured").last?["maintenance"]
                    == .list([.text(window)])
            }
            let reports = try await agent.rows(["uptime"])
            #expect(!reports.isEmpty)
            for report in reports {
                #expect(try #require(report["excluded_s"]?.double) > 0)
                #expect(report["unknown_s"]?.double == 0)
            }
            let before = try scope.write(text, to: "before.yaml")
            for report in try await agent.rows(["uptime", "--config", before]) {
                #expect(report["excluded_s"]?.double == 0)
            }
            #expect(agent.child.isRunning)
        }
    }

    @Test func rebuildOnlyComparesWhileTheAgentRuns() async throws {
        try await withAgent { _, agent in
            let outcome = try await agent.ask(["rebuild", "--format", "json"])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            #expect(agent.child.isRunning)
        }
    }

    @Test func followingShowsNewFacts() async throws {
        try await withAgent { scope, agent in
            let follower = try scope.start(
                Places.trunkledger,
                ["events", "--follow", "--from", "-1h", "--ledger", agent.ledger]
                    + ["--format", "ndjson", "--kind", "agentStarted", "--kind", "exportClosed"],
                name: "follower")
            try await eventually("the past is shown") {
                follower.output.contains(#""kind":"agentStarted""#)
            }
            _ = try await agent.document(["cdr", "export"])
            try await eventually("the new fact is shown") {
                follower.output.contains(#""kind":"exportClosed""#)
            }
            #expect(follower.isRunning)
        }
    }
}
