import Foundation
import TestSupport
import Testing

/// An invoice against a ledger that this test wrote, by the built program.
@Suite struct ReconcileTests {
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

    /// The answered call of the ledger, at 14:00:12 and 30 s long, and one that never was.
    private static let invoice = """
        Start Time,From,To,Duration,Cost
        2026-11-22 15:00:12,12125550100,12125550123,30,0.0050
        2026-11-22 15:00:12,12125550100,12125550123,30,0.0050
        2026-11-22 15:00:20,12125550100,13055550101,60,0.0100

        """

    @Test func findingsAreShownRecordedAndMakeTheStatus() async throws {
        try await withLedger { run, scope in
            try scope.write(Self.invoice, to: "a.csv")
            let listed = try await run([
                "reconcile", "--invoice", "a.csv", "--format", "ndjson", "--all",
            ])
            #expect(listed.status == .exited(1), "\(listed.errorOutput)")
            let findings = try JSONValue.rows(listed.output)
            #expect(
                findings.map { $0["class"]?.string } == [
                    "exact", "duplicate_billed", "missing_ours",
                ])
            #expect(findings.map { $0["line"]?.int } == [2, 3, 4])
            #expect(findings.map { $0["stake"]?.string } == ["0.00", "0.005", "0.01"])
            #expect(findings.first?["cdr_id"]?.string == "pbx1-5")
            #expect(findings[1]["original_line"]?.int == 2)
            let facts = try JSONValue.rows(
                try await run(["events", "--kind", "invoiceLoaded", "--format", "ndjson"]).output)
            #expect(facts.map { $0["line_count"]?.int } == [3])
            #expect(facts.first?["finding_count"]?.int == 2)
            #expect(facts.first?["stake_units"]?.int == 1_500_000)
        }
    }

    @Test func theReportIsOneObjectAndOneFile() async throws {
        try await withLedger { run, scope in
            try scope.write(Self.invoice, to: "a.csv")
            let outcome = try await run([
                "reconcile", "--invoice", "a.csv", "--template", "generic", "--check", "--html",
                "a.html", "--format", "json",
            ])
            #expect(outcome.status == .exited(1))
            let report = try JSONValue(parsing: outcome.output)
            #expect(report["carrier"]?.string == "alpha")
            #expect(report["stake"]?.string == "0.015")
            #expect(report["template"]?.string == "generic")
            let html = try String(contentsOfFile: "\(scope.directory)/a.html", encoding: .utf8)
            #expect(html.contains("<svg"))
            let facts = try await run(["events", "--kind", "invoiceLoaded", "--format", "ndjson"])
            #expect(facts.output == "")
            let table = try await run(["reconcile", "--invoice", "a.csv", "--check"])
            #expect(table.output.contains("0.015 at stake; 1 of 3 lines"))
        }
    }

    @Test func agreementIsStatusZero() async throws {
        try await withLedger { run, scope in
            let lines = Self.invoice.split(separator: "\n").prefix(2).joined(separator: "\n")
            try scope.write(lines, to: "a.csv")
            let outcome = try await run(["reconcile", "--invoice", "a.csv"])
            #expect(outcome.succeeded, "\(outcome.output) \(outcome.errorOutput)")
            #expect(outcome.output.hasPrefix("All 1 lines that bill something"))
        }
    }

    @Test func mistakesAre65AndNothingIsRecorded() async throws {
        try await withLedger { run, scope in
            try scope.write(Self.invoice + "2026-02-30 10:00:00,1,12125550123,3,0\n", to: "a.csv")
            let outcome = try await run(["reconcile", "--invoice", "a.csv", "--format", "csv"])
            #expect(outcome.status == .exited(65))
            #expect(
                outcome.errorOutput == "trunkledger: a.csv:5:1: '2026-02-30 10:00:00' is no date "
                    + "and time that exists; the template has dates: ymd\n")
            #expect(outcome.output == "")
            try scope.write("start: #1\nto: #1\n", to: "bad.template")
            let template = try await run([
                "reconcile", "--invoice", "a.csv", "--template", "bad.template",
            ])
            #expect(template.status == .exited(65))
            #expect(template.errorOutput.hasPrefix("trunkledger: bad.template:1:1: no 'duration'"))
            let facts = try await run(["events", "--kind", "invoiceLoaded", "--format", "ndjson"])
            #expect(facts.output == "")
            let missing = try await run(["reconcile", "--invoice", "none.csv"])
            #expect(missing.status == .exited(74))
        }
    }

    @Test func aGuessIsATemplate() async throws {
        try await withLedger { run, scope in
            try scope.write(Self.invoice, to: "a.csv")
            let guess = try await run(["reconcile", "--invoice", "a.csv", "--guess"])
            #expect(guess.output.contains("duration: duration\n"))
            try scope.write(guess.output, to: "a.template")
            let outcome = try await run([
                "reconcile", "--invoice", "a.csv", "--template", "a.template",
            ])
            #expect(outcome.status == .exited(1), "\(outcome.errorOutput)")
            let shown = try await run(["reconcile", "--show-template", "uk-standard"])
            #expect(shown.output.contains("start: Call Date + Call Time"))
            let unknown = try await run(["reconcile", "--show-template", "x"])
            #expect(unknown.status == .exited(64))
        }
    }
}
