import Projections
import TrunkEvents

/// Shows a report to people, or as one JSON object.
struct ReportOutput {
    let report: ReconciliationReport
    let choice: OutputChoice

    private var totals: [FindingTotal] {
        Finding.Kind.allCases.reversed().map { FindingTotal(kind: $0, total: report.total($0)) }
    }

    func showTable(to output: StandardOutput) throws {
        output.line(ReconciliationText.verdict(report))
        output.line("")
        let facts = ReconciliationText.facts(report)
        let width = facts.map(\.name.count).max() ?? 0
        for fact in facts {
            let padding = String(repeating: " ", count: width - fact.name.count + 2)
            output.line(fact.name + padding + fact.text)
        }
        output.line("")
        var listing = try Listing(FindingTotal.columns, choice, to: output)
        for total in totals { listing.add(total) }
        listing.finish(empty: "")
        try showGravest(to: output)
    }

    /// Those with most at stake of each class.
    private func showGravest(to output: StandardOutput) throws {
        let gravest = Finding.Kind.allCases.reversed().flatMap {
            (report.samples[$0] ?? []).prefix(3)
        }
        guard !gravest.isEmpty else { return }
        output.line("")
        var listing = try Listing(Finding.columns, choice, to: output)
        for finding in gravest { listing.add(finding) }
        listing.finish(empty: "")
        output.line("")
        output.line("every finding: --format csv or ndjson; with plots: --html FILE")
        output.flush()
    }

    func showJSON(to output: StandardOutput) {
        output.line(OutputValue.record(members).jsonText)
        output.flush()
    }

    private var members: [(name: String, value: OutputValue)] {
        let summary = report.summary
        return [
            ("invoice", .text(report.fileName)), ("sha256", OutputValue(report.sha256)),
            ("template", .text(report.template)), ("carrier", OutputValue(report.carrier)),
            ("direction", OutputValue(report.direction)),
            ("currency", OutputValue(report.currency)), ("from", .instant(report.from)),
            ("to", .instant(report.to)), ("lines", .integer(Int64(summary.lineCount))),
            ("billed_s", .integer(summary.seconds)),
            ("amount", .text(summary.amount.description)),
            ("unbilled_lines", .integer(Int64(report.unbilledCount))),
            ("skipped_rows", .integer(Int64(summary.skippedCount))),
            ("own_calls", .integer(Int64(report.ownCallCount))),
            ("stamps_of", .text(report.basis.rawValue)),
            ("whole_minutes", .truth(report.isWholeMinute)),
            ("called_number_only", .truth(report.isByCalledOnly)),
            ("clocks", .list(report.clocks.map(Self.value))),
            ("interval", OutputValue(report.inferred?.interval)),
            ("interval_explains", .integer(Int64(report.inferred?.explained ?? 0))),
            ("interval_of", .integer(Int64(report.inferred?.of ?? 0))),
            ("contract_interval", OutputValue(report.contract)),
            ("stake", .text(report.stake.description)),
            (
                "classes",
                .list(
                    totals.map { total in
                        .record(FindingTotal.columns.map { ($0.name, $0.value(total)) })
                    })
            ),
        ]
    }

    private static func value(_ run: ClockRun) -> OutputValue {
        .record([
            ("from_day", .text(run.firstDayText)), ("to_day", .text(run.lastDayText)),
            ("zone_s", .integer(run.zoneSeconds)), ("ahead_ms", .integer(run.aheadMilliseconds)),
            ("lines", .integer(Int64(run.votes))),
        ])
    }
}
