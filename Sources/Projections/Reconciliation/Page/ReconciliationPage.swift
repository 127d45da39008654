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
        let title = HTMLText.escaped("Reconciliation of \(report.fileName)")
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title)</title>
            <style>
            \(Self.style)
            </style>
            </head>
            <body>
            <h1>\(title)</h1>
            <p class="verdict">\(HTMLText.escaped(verdict))</p>
            \(facts)<h2>Classes</h2>
            \(classes)\(plots)\(samples)</body>
            </html>

            """
    }

    private static let style = """
        :root { color-scheme: light dark; --over: #b3402a; --under: #2a6db3; --line: #8886; }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
          padding: 0 1rem; }
        h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
        .verdict { font-size: 1.15rem; }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: .2rem .8rem .2rem 0; white-space: nowrap;
          border-bottom: 1px solid var(--line); }
        .number { text-align: right; }
        figure { margin: 1rem 0; } figcaption { font-weight: 600; }
        svg { width: 100%; height: auto; overflow: visible; }
        svg text { font-size: 11px; fill: currentColor; } svg line { stroke: currentColor; }
        .over { fill: var(--over); } .under { fill: var(--under); }
        """

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
