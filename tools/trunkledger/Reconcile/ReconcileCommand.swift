import ArgumentParser
import Ledger
import Projections
import TrunkEvents

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Hold a carrier's invoice against our own calls.",
        discussion: """
            Finds the carrier's clock and time zone day by day, pairs each line with one call, and \
            says of each whether it is exact, rounded, wrong in its seconds or its price, billed \
            but unanswered, billed twice, missing here or there, or a call that never ended. With \
            a rate deck (trunkledger rate load) it knows the price; without one it goes by theirs.

              trunkledger reconcile --invoice november.csv
              trunkledger reconcile --invoice november.csv --guess > alpha.template
              trunkledger reconcile --invoice november.csv --template alpha.template --html nov.html
              trunkledger reconcile --invoice november.csv --format csv > findings.csv

            Status 1: something is not exact. The log keeps what was compared and what came of it.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice
    @OptionGroup var choice: InvoiceChoice
    @OptionGroup var range: RangeChoice

    @Option(help: ArgumentHelp("Write the report with plots here as well.", valueName: "file"))
    var html: String?

    @Flag(help: "Print the template that fits the invoice, and stop.")
    var guess = false

    @Option(help: ArgumentHelp("Print a template to start from, and stop.", valueName: "name"))
    var showTemplate: String?

    @Flag(help: "List exact lines, too.")
    var all = false

    @Flag(help: "Record nothing in the log.")
    var check = false

    func run() throws {
        let standardOutput = StandardOutput()
        if let showTemplate { return try show(showTemplate, to: standardOutput) }
        guard let invoice = choice.invoice else {
            throw CommandFailure.usage(
                "no invoice; see 'trunkledger reconcile --help'")
        }
        let file = InputFile(path: invoice)
        if guess {
            standardOutput.write(try TemplateGuess.template(for: file).text)
            return standardOutput.flush()
        }
        let bounds = try range.bounds(output, now: .now)
        let terms = try choice.terms(from: bounds.from, to: bounds.to)
        let template = try choice.reading.template(for: file)
        let report = try reconcile(file, template, terms, to: standardOutput)
        if let html { try ReconciliationPage(report).write(to: html) }
        if !check {
            let fact = report.fact(template: template)
            try FactRecording(ledger: try source.path()).record(.invoiceLoaded(fact))
        }
        switch output.format {
        case .table:
            try ReportOutput(report: report, choice: output).showTable(to: standardOutput)
        case .json: ReportOutput(report: report, choice: output).showJSON(to: standardOutput)
        case .csv, .ndjson: break
        }
        if report.hasFindings { throw CommandFailure.found }
    }

    /// Lists the findings as they come, where they were asked for.
    private func reconcile(
        _ file: InputFile, _ template: InvoiceTemplate, _ terms: Reconciliation.Terms,
        to standardOutput: StandardOutput
    ) throws -> ReconciliationReport {
        let projections = try source.projections(CallDetailRecords.self, RateDeckHistory.self)
        let book = try source.ratingBook(of: projections)
        let reconciliation = Reconciliation(
            invoice: file, template: template, terms: terms, book: book)
        let isListed = output.format == .csv || output.format == .ndjson
        var listing = try Listing(Finding.columns, output, to: standardOutput)
        let total = projections.records.closedCount
        let progress = Progress("comparing")
        defer { progress.end() }
        let report = try reconciliation.report(records: { body in
            var count: UInt64 = 0
            try projections.forEachRecord { row in
                body(row)
                count += 1
                if count.isMultiple(of: 4_096) { progress.update(count, of: total) }
                return .next
            }
        }) { finding in
            if isListed, all || finding.kind != .exact { listing.add(finding) }
        }
        if isListed { listing.finish(empty: "") }
        return report
    }

    private func show(_ name: String, to standardOutput: StandardOutput) throws(CommandFailure) {
        guard let text = ShippedTemplates.text(name) else {
            let known = ShippedTemplates.names.joined(separator: ", ")
            throw .usage("there is no template '\(name)'; there is \(known)")
        }
        standardOutput.write(text)
        standardOutput.flush()
    }
}
