import TrunkEvents

/// The report as one HTML file: it has its plots and its looks in it and asks for nothing else.
public struct ReconciliationPage: Sendable {
    private let report: ReconciliationReport

    public init(_ report: ReconciliationReport) { self.report = report }

    /// The file is whole or not there.
    public func write(to path: String) throws(ExportError) {
        try DurableFile.replace(path, with: Array(html.utf8))
    }

    public var html: String {
        let verdict = HTMLText.escaped(verdict)
        return HTMLPage(
            title: "Reconciliation of \(report.fileName)",
            body: "<p class=\"verdict\">\(verdict)</p>\n\(facts)<h2>Classes</h2>\n"
                + classes + plots + samples
        ).html
    }

    private var verdict: String { ReconciliationText.verdict(report) }

    private var facts: String {
        HTMLTable(
            heading: ["", ""], rows: ReconciliationText.facts(report).map { [$0.name, $0.text] }
        ).html
    }

    private var classes: String {
        let rows = Finding.Kind.allCases.reversed().map { kind in
            let total = report.total(kind)
            return [
                kind.title, "\(total.count)", "\(total.billedSeconds)",
                "\(total.expectedSeconds)", total.amount.description, total.stake.description,
            ]
        }
        return HTMLTable(
            heading: ["Class", "Lines", "Seconds billed", "Expected", "Amount", "At stake"],
            rows: rows, numeric: [1, 2, 3, 4, 5]
        ).html
    }

    private var plots: String {
        let kinds = Finding.Kind.allCases.reversed().filter { $0 != .exact }
        let stakes = BarPlot(
            title: "Money at stake by class",
            bars: kinds.map { kind in
                let stake = report.total(kind).stake
                return BarPlot.Bar(
                    label: kind.title, value: Double(stake.units), text: stake.description)
            })
        let days = report.days.sorted { $0.key < $1.key }
        let byDay = BarPlot(
            title: "Money at stake by day",
            bars: days.map { day, total in
                BarPlot.Bar(
                    label: CivilDay.text(day), value: Double(total.stake.units),
                    text: "\(total.stake), \(total.findingCount) of \(total.lineCount) lines")
            })
        let clocks = BarPlot(
            title: "How far the carrier's clock is ahead of ours, by day (its zone left out)",
            bars: report.dayClocks.sorted { $0.key < $1.key }.map { day, ahead in
                BarPlot.Bar(
                    label: CivilDay.text(day), value: Double(ahead), text: "\(ahead / 1_000) s")
            })
        let differences = BarPlot(
            title: "Seconds billed beyond the talk we measured (calls)",
            bars: report.differences.map { bar in
                BarPlot.Bar(label: bar.label, value: Double(bar.count), text: "\(bar.count)")
            })
        return stakes.rows + byDay.columns + differences.rows + clocks.columns
    }

    private static let heading = [
        "Line", "CDR", "From", "To", "Start (UTC)", "Billed s", "Expected s", "Amount", "At stake",
    ]

    private var samples: String {
        var sections = ""
        for kind in Finding.Kind.allCases.reversed() {
            guard let findings = report.samples[kind], !findings.isEmpty else { continue }
            sections += "<h2>\(kind.title)</h2>\n<p>\(HTMLText.escaped(kind.rule))</p>\n"
            sections +=
                HTMLTable(
                    heading: Self.heading, rows: findings.map(Self.row), numeric: [5, 6, 7, 8]
                ).html
        }
        return sections
    }

    private static func row(_ finding: Finding) -> [String] {
        let start = finding.startedAt ?? finding.billedAt
        return [
            text(finding.line), text(finding.cdr), finding.calling.description,
            finding.called.description, start?.utcText ?? "", text(finding.billedSeconds),
            text(finding.expectedSeconds), text(finding.amount), finding.stake.description,
        ]
    }

    private static func text(_ value: (some CustomStringConvertible)?) -> String {
        value?.description ?? ""
    }
}
