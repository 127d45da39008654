import Foundation
import TestSupport
import Testing

/// `cdr deliver` to a web server that fails, is busy, drops connections, answers twice or never.
@Suite(.timeLimit(.minutes(2))) struct DeliverToWebServerTests {
    private let seed = Seed(for: "DeliverToWebServerTests")

    private func withServer(
        batches: Int, fates: [BatchServer.Fate],
        _ check: (DeliveryBench, BatchServer, String) async throws -> Void
    ) async throws {
        let server = BatchServer(port: LoopbackPorts.next(), fates: fates)
        try await server.start()
        do {
            try await DeliveryBench.with(batches: batches) { bench in
                try await check(bench, server, "http://127.0.0.1:\(server.port)/cdr")
            }
        } catch {
            try await server.stop()
            throw error
        }
        try await server.stop()
    }

    /// What the server keeps, decompressed.
    private func lines(_ server: BatchServer, _ bench: DeliveryBench) async throws -> [Substring] {
        let path = "\(bench.scope.directory)/kept.\(server.requestCount).gz"
        let bytes = server.kept.flatMap(\.body)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        // Concatenated gzip files are the concatenated texts (RFC 1952 section 2.2).
        let outcome = try await bench.scope.run("/bin/gzip", ["-dc", path])
        #expect(outcome.succeeded, "\(outcome.errorOutput)")
        return outcome.lines
    }

    @Test func everyBatchArrivesAsItsSealedFile() async throws {
        try await withServer(batches: 3, fates: []) { bench, server, address in
            let outcome = try await bench.deliver(
                to: address + "?token=${TOKEN}", ["--header", "X-Api-Key: ${TOKEN}"])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            #expect(try await lines(server, bench) == bench.sealedLines())
            #expect(server.kept.map(\.sequence) == [1, 2, 3])
            let headers = try #require(server.kept.first?.headers)
            #expect(headers["content-type"] == "application/x-ndjson")
            #expect(headers["content-encoding"] == "gzip")
            #expect(headers["x-api-key"] == "s3cret")
            #expect(headers["trunkledger-rows"] == "21")
            let facts = try await bench.events("exportDelivered")
            #expect(facts.map { $0["destination"]?.string } == [address, address, address])
            #expect(try await bench.deliver(to: address).output == "")
            #expect(server.requestCount == 3)
        }
    }

    @Test func everyFateEndsWithEachBatchKeptOnce() async throws {
        var random = seed.generator()
        let all = BatchServer.Fate.allCases
        let drawn = (0..<12).map { _ in all.filter { $0 != .stuck }.randomElement(using: &random)! }
        let fates = (all + drawn).shuffled(using: &random)
        try await withServer(batches: 8, fates: fates) { bench, server, address in
            let outcome = try await bench.deliver(to: address, ["--timeout", "400ms"])
            #expect(outcome.succeeded, "\(outcome.errorOutput) \(seed)")
            #expect(try await lines(server, bench) == bench.sealedLines(), "\(seed)")
            #expect(server.contradictions == [], "\(seed)")
            let facts = try await bench.events("exportDelivered")
            #expect(facts.map { $0["sequence"]?.int } == Array(1...8), "\(seed)")
            let tries = facts.compactMap { $0["attempts"]?.int }.reduce(0, +)
            // libcurl itself sends again what a connection it used before has lost.
            #expect(tries <= server.requestCount, "\(seed)")
        }
    }

    /// Batch 2 is not kept at first, whatever the connection of batch 1 still says.
    @Test func anAnswerTooManyIsNotThatOfTheNextBatch() async throws {
        try await withServer(
            batches: 3, fates: [.takenAnsweringAhead, .failed]
        ) { bench, server, address in
            let outcome = try await bench.deliver(to: address)
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            #expect(try await lines(server, bench) == bench.sealedLines())
        }
    }

    @Test func killedAnywhereEachBatchIsKeptOnce() async throws {
        try await withServer(batches: 12, fates: []) { bench, server, address in
            try await bench.deliverKilled(to: address, seed: seed)
            #expect(try await lines(server, bench) == bench.sealedLines(), "\(seed)")
            #expect(server.contradictions == [], "\(seed)")
        }
    }

    @Test func whatTheServerRefusesIsNotTriedAgain() async throws {
        try await withServer(batches: 1, fates: []) { bench, server, address in
            let elsewhere = address.replacingOccurrences(of: "http://", with: "http://u:pw@")
            let refused = try await bench.deliver(
                to: elsewhere.replacingOccurrences(of: "/cdr", with: "/moved"))
            #expect(refused.status == .exited(74))
            #expect(refused.errorOutput.contains("a redirection; give the new address"))
            #expect(!refused.errorOutput.contains("pw"))
            #expect(server.requestCount == 1)
            let fact = try #require(try await bench.events("exportFailed").first)
            #expect(fact["destination"]?.string == "http://u@127.0.0.1:\(server.port)/moved")
        }
    }

    @Test(arguments: [
        (["--to", "ftp://host/x"], "--to is no destination"),
        (["--to", "sqlite:"], "--to is no destination"),
        (["--to", "http://${NOT_SET}/"], "the environment variable NOT_SET is not set"),
        (["--to", "http://${NOT_SET/"], "'${' without '}'"),
    ])
    func wrongUsageIs64(arguments: [String], said: String) async throws {
        try await withProcesses { scope in
            let outcome = try await scope.run(
                Places.trunkledger, ["cdr", "deliver", "--ledger", "x"] + arguments)
            #expect(outcome.status == .exited(64))
            #expect(outcome.errorOutput.contains(said))
        }
    }
}
