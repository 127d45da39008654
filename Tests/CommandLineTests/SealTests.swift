import TestSupport
import Testing

/// `seal` without an agent: it takes the writer's lock, and no answer changes.
@Suite(.timeLimit(.minutes(1))) struct SealTests {
    @Test func whatIsAskedIsSealedAndReadsTheSame() async throws {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            func ask(_ arguments: [String]) async throws -> String {
                let outcome = try await scope.run(
                    Places.trunkledger, arguments + ["--ledger", ledger])
                #expect(outcome.succeeded, "\(outcome.errorOutput)")
                return outcome.output
            }
            let queries = [
                ["events"], ["events", "--call", "\(SampleLedger.answered)"],
                ["events", "--kind", "channelSeized", "--format", "json"],
                ["events", "--from", "2026-11-22T00:00:00Z", "--format", "csv"], ["cdr", "list"],
            ]
            var before: [String] = []
            for query in queries { before.append(try await ask(query)) }
            let count = SampleLedger.all.count
            #expect(try await ask(["seal", "--through", "3"]) == "sealed through 3\n")
            #expect(try await ask(["seal"]) == "sealed through \(count - 1)\n")
            #expect(
                try await ask(["seal", "--format", "json"])
                    == "{\"sealed_through\":\(count - 1)}\n")
            for (query, answer) in zip(queries, before) {
                #expect(try await ask(query) == answer, "\(query)")
            }
        }
    }
}
