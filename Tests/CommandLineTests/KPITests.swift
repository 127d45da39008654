import TestSupport
import Testing

@Suite struct KPITests {
    @Test func indicatorsOfTheSample() async throws {
        try await withProcesses { scope in
            let ledger = "\(scope.directory)/ledger"
            try await SampleLedger.write(to: ledger)
            let kpi = [
                "kpi", "--from", "2026-11-22T14:00:00Z", "--to", "2026-11-22T14:01:40Z",
                "--ledger", ledger,
            ]
            let outcome = try await scope.run(
                Places.trunkledger, kpi + ["--format", "ndjson"], environment: ["TZ": "UTC"])
            #expect(outcome.errorOutput == "")
            let line = try #require(try JSONValue.rows(outcome.output).first)
            #expect(line["trunk"]?.string == "alpha-1")
            #expect(line["seizures"]?.int == 1 && line["bids"]?.int == 2)
            #expect(line["asr"]?.double == 1 && line["abr"]?.double == 0.5)
            #expect(line["acd_ms"]?.int == 30_000)
            #expect(line["ira"]?.double == nil)
            let table = try await scope.run(
                Places.trunkledger, kpi, environment: ["TZ": "UTC"])
            #expect(table.output.contains("100.0%") && table.output.contains("  -"))
            #expect(table.lines.last?.hasPrefix("calls  ▁") == true)
            let wrong = try await scope.run(Places.trunkledger, kpi + ["--by", "moon"])
            #expect(wrong.status == .exited(64))
        }
    }
}
