import Foundation
import TestSupport
import Testing

/// `verify`, `rebuild` and `cdr export` on a ledger that no agent holds.
@Suite struct CheckingTests {
    @Test func aSoundLedgerPasses() async throws {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            let outcome = try await scope.run(
                Places.trunkledger, ["verify", "--ledger", ledger, "--format", "json"])
            #expect(outcome.succeeded, "\(outcome.errorOutput)")
            let report = try JSONValue(parsing: outcome.output)
            #expect(report["sound"] == .truth(true))
            #expect(report["events"]?.int == SampleLedger.all.count)
        }
    }

    @Test func rebuildingTwiceChangesNothing() async throws {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            let arguments = ["rebuild", "--ledger", ledger, "--format", "ndjson"]
            let first = try await scope.run(Places.trunkledger, arguments)
            #expect(first.succeeded, "\(first.errorOutput)")
            let second = try await scope.run(Places.trunkledger, arguments)
            #expect(second.succeeded, "\(second.errorOutput)")
            let reports = try JSONValue.rows(second.output)
            #expect(reports.count == 7)
            for report in reports {
                #expect(report["sha256_before"]?.string?.count == 64)
                #expect(report["sha256_before"] == report["sha256_after"])
                #expect(report["events"]?.int == SampleLedger.all.count)
            }
        }
    }

    @Test func exportsContinueEachOther() async throws {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            let arguments = ["cdr", "export", "--ledger", ledger, "--format", "json"]
            let first = try await scope.run(Places.trunkledger, arguments)
            #expect(first.succeeded, "\(first.errorOutput)")
            let manifest = try JSONValue(parsing: first.output)
            #expect(manifest["sequence"]?.int == 1)
            #expect(manifest["count"]?.int == 1)
            #expect(manifest["talk_ms"]?.int == 30_000)
            let file = try #require(manifest["file"]?.string)
            #expect(FileManager.default.fileExists(atPath: "\(ledger)-exports/\(file)"))
            let second = try await scope.run(
                Places.trunkledger, arguments + ["--cdr-format", "json"])
            let next = try JSONValue(parsing: second.output)
            #expect(next["sequence"]?.int == 2)
            #expect(next["count"]?.int == 0)
            #expect(next["previous_sha256"] == manifest["sha256"])
            let events = try await scope.run(
                Places.trunkledger,
                ["events", "--kind", "exportClosed", "--ledger", ledger, "--format", "ndjson"])
            let closed = try JSONValue.rows(events.output)
            #expect(
                closed.map { $0["sha256"]?.string } == [
                    manifest["sha256"]?.string, next["sha256"]?.string,
                ])
        }
    }
}
