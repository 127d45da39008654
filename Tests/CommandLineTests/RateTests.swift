import Foundation
import TestSupport
import Testing

/// Decks on a ledger that this test wrote, by the built program.
@Suite struct RateTests {
    private func withLedger(
        _ body: (_ run: ([String]) async throws -> Outcome, ProcessScope) async throws -> Void
    ) async throws {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            try await body(
                { arguments in
                    try await scope.run(
                        Places.trunkledger, arguments + ["--ledger", ledger],
                        environment: ["TZ": "UTC"])
                }, scope)
        }
    }

    @Test func aDeckPricesTheCallsAndALaterOneRevisesThem() async throws {
        try await withLedger { run, scope in
            try scope.write("prefix,rate,connection_fee\n1,0.01,0.002\n", to: "a.csv")
            try scope.write("prefix,rate,increment\n1212,0.05,30/6\n", to: "b.csv")
            let load = ["rate", "load", "--carrier", "alpha"]
            #expect(try await run(load + ["a.csv", "--check"]).succeeded)
            let unrated = try await run(["cdr", "list", "--format", "json"])
            #expect(!unrated.output.contains("deck_sha256"))
            #expect(try await run(load + ["a.csv"]).errorOutput == "")
            let first = try JSONValue.rows(
                try await run(["cdr", "list", "--format", "ndjson"]).output)
            #expect(first.map { $0["amount"]?.string } == ["0.012"])
            #expect(first.map { $0["rated_s"]?.int } == [60])
            #expect(try await run(load + ["b.csv"]).succeeded)
            let revisions = try JSONValue.rows(
                try await run(["cdr", "show", "pbx1-5", "--format", "ndjson"]).output)
            #expect(revisions.map { $0["rev"]?.int } == [1, 2, 3])
            #expect(revisions.map { $0["supersedes"]?.int } == [nil, 1, 2])
            #expect(revisions.map { $0["amount"]?.string } == [nil, "0.012", "0.025"])
            #expect(revisions.last?["currency"]?.string == "USD")
            let decks = try JSONValue.rows(
                try await run(["rate", "list", "--format", "ndjson"]).output)
            #expect(decks.map { $0["file"]?.string } == ["a.csv", "b.csv"])
            #expect(decks.last?["deck_sha256"]?.string == revisions.last?["deck_sha256"]?.string)
            let quote = try JSONValue.rows(
                try await run([
                    "rate", "quote", "12125550100", "--seconds", "31", "--format", "ndjson",
                ]).output)
            #expect(quote.map { $0["amount"]?.string } == ["0.03"])
            #expect(quote.map { $0["rated_s"]?.int } == [36])
        }
    }

    /// The rows of the next batch.
    private func exported(
        to out: String, _ run: ([String]) async throws -> Outcome
    ) async throws -> [JSONValue] {
        let made = try await run(
            ["cdr", "export", "--cdr-format", "json", "--format", "json", "--out", out])
        #expect(made.succeeded, "\(made.errorOutput)")
        let manifest = try JSONValue(parsing: made.output)
        let file = try #require(manifest["file"]?.string)
        let rows = try JSONValue.rows(
            String(contentsOfFile: "\(out)/\(file)", encoding: .utf8))
        #expect(rows.count == manifest["count"]?.int)
        return rows
    }

    @Test func exportsCarryPricesAndALaterDeckComesAsRevisions() async throws {
        try await withLedger { run, scope in
            try scope.write("prefix,rate,connection_fee\n1,0.01,0.002\n", to: "a.csv")
            try scope.write("prefix,rate,increment\n1212,0.05,30/6\n", to: "b.csv")
            let out = "\(scope.directory)/out"
            let load = ["rate", "load", "--carrier", "alpha"]
            let plain = try await exported(to: out, run)
            #expect(plain.count == 1 && plain[0]["amount"] == nil)
            #expect(try await run(load + ["a.csv"]).succeeded)
            let first = try await exported(to: out, run)
            #expect(first.map { $0["rev"]?.int } == [2])
            #expect(first.map { $0["supersedes"]?.int } == [1])
            #expect(first.map { $0["amount"]?.string } == ["0.012"])
            #expect(first.map { $0["rated_s"]?.int } == [60])
            #expect(try await run(load + ["b.csv"]).succeeded)
            let second = try await exported(to: out, run)
            #expect(second.map { $0["rev"]?.int } == [3])
            #expect(second.map { $0["amount"]?.string } == ["0.025"])
            #expect(second[0]["cdr_id"]?.string == plain[0]["cdr_id"]?.string)
            #expect(try await exported(to: out, run).isEmpty)
        }
    }

    @Test func aMalformedDeckIs65AndLoadsNothing() async throws {
        try await withLedger { run, scope in
            try scope.write("prefix,rate\n1,0.01\n1,0.02\n44,x\n", to: "a.csv")
            let outcome = try await run(["rate", "load", "a.csv", "--carrier", "alpha"])
            #expect(outcome.status == .exited(65))
            #expect(
                outcome.errorOutput == "trunkledger: a.csv:4:4: 'x' is no price; write it like "
                    + "0.0125, at most 8 decimals and a million\n")
            #expect(try await run(["rate", "list", "--format", "json"]).output == "[]\n")
            let missing = try await run(["rate", "load", "none.csv", "--carrier", "alpha"])
            #expect(missing.status == .exited(74))
        }
    }
}
