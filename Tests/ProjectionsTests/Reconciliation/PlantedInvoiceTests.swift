import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

/// Invoices with every class of error planted, at their full size.
@Suite struct PlantedInvoiceTests {
    static let template = """
        start: start_time
        from: from
        to: to
        duration: duration
        amount: cost
        """

    static func reconcile(
        _ invoice: PlantedInvoice, interval: String, linesAtOnce: Int = .max / 2,
        fileName: String = "invoice.csv"
    ) throws -> (report: ReconciliationReport, findings: [Finding]) {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/\(fileName)"
            try DurableFile.replace(path, with: Array(invoice.csv.utf8))
            let terms = RateDeckTerms(
                carrier: alpha, currency: ShortName("USD")!,
                effectiveFrom: WallInstant(nanoseconds: 0), interval: BillingInterval(interval)!)
            var book = RatingBook()
            let deck = try RateDeck(
                Array("prefix,rate\n1,0.012\n2,0.012\n".utf8), file: "deck.csv", terms: terms)
            book.add(deck, loadedAt: .first)
            let reconciliation = Reconciliation(
                invoice: InputFile(path: path),
                template: try InvoiceTemplate(Array(template.utf8), file: "template"),
                terms: Reconciliation.Terms(), book: book, linesAtOnce: linesAtOnce)
            var findings: [Finding] = []
            let report = try reconciliation.report(records: { body in
                for row in invoice.rows { body(row) }
            }) { findings.append($0) }
            return (report, findings)
        }
    }

    private func expectFound(_ invoice: PlantedInvoice, _ findings: [Finding], _ seed: Seed) {
        let score = FindingScore(invoice, findings)
        for kind in Finding.Kind.allCases {
            let (precision, recall) = (score.precision(kind), score.recall(kind))
            #expect(precision >= 0.99, "\(kind) precision \(precision), \(seed)")
            #expect(recall >= 0.99, "\(kind) recall \(recall), \(seed)")
        }
    }

    @Test func aSecondPreciseCarrierInAnotherZone() throws {
        let seed = Seed(for: "aSecondPreciseCarrierInAnotherZone")
        let invoice = PlantedInvoice(
            PlantedInvoice.Carrier(zoneSeconds: -18_000, aheadSeconds: 7), lineCount: 100_000,
            seed: seed)
        let (report, findings) = try Self.reconcile(invoice, interval: "6/6")
        expectFound(invoice, findings, seed)
        #expect(report.summary.lineCount == invoice.kindOfLine.count)
        #expect(report.basis == .answer && !report.isWholeMinute)
        #expect(report.clocks.count == 1)
        #expect(report.clocks.first?.zoneSeconds == -18_000)
        #expect(abs((report.clocks.first?.aheadMilliseconds ?? 0) - 7_000) <= 1_000)
        #expect(report.inferred?.interval == .sixSeconds)
        #expect(report.contract == .sixSeconds)
    }

    @Test func aMinutePreciseCarrierThatChangesItsClock() throws {
        let seed = Seed(for: "aMinutePreciseCarrierThatChangesItsClock")
        let carrier = PlantedInvoice.Carrier(
            isWholeMinute: true, zoneSeconds: 7_200, aheadSeconds: -20, interval: .perMinute,
            winterFrom: 12)
        let invoice = PlantedInvoice(carrier, lineCount: 100_000, seed: seed)
        let (report, findings) = try Self.reconcile(invoice, interval: "60/60")
        expectFound(invoice, findings, seed)
        #expect(report.isWholeMinute)
        #expect(report.clocks.map(\.zoneSeconds) == [7_200, 3_600], "\(report.clocks) \(seed)")
        #expect(report.clocks.allSatisfy { abs($0.aheadMilliseconds + 20_000) <= 3_000 })
        #expect(report.inferred?.interval == .perMinute)
    }

    /// Billed by the minute where six seconds were agreed: every line shows it.
    @Test func anIncrementThatWasNotAgreedIsNamed() throws {
        let seed = Seed(for: "anIncrementThatWasNotAgreedIsNamed")
        let invoice = PlantedInvoice(
            PlantedInvoice.Carrier(interval: .perMinute), lineCount: 5_000, seed: seed)
        let (report, _) = try Self.reconcile(invoice, interval: "6/6")
        #expect(report.inferred?.interval == .perMinute, "\(seed)")
        #expect(report.contract == .sixSeconds)
        #expect(report.total(.rounding).count > report.total(.exact).count)
        #expect(report.total(.rounding).stake > .zero)
    }

    @Test func partitionsFindTheSame() throws {
        let seed = Seed(for: "partitionsFindTheSame")
        let invoice = PlantedInvoice(
            PlantedInvoice.Carrier(zoneSeconds: 3_600), lineCount: 20_000, seed: seed)
        let whole = try Self.reconcile(invoice, interval: "6/6")
        let parts = try Self.reconcile(invoice, interval: "6/6", linesAtOnce: 3_000)
        #expect(parts.report.totals == whole.report.totals, "\(seed)")
        #expect(parts.report.days == whole.report.days)
        #expect(parts.report.ownCallCount == whole.report.ownCallCount)
        let kinds = { (findings: [Finding]) in
            Dictionary(
                uniqueKeysWithValues: findings.map { finding in
                    (finding.line.map { "\($0)" } ?? "\(finding.cdr, default: "")", finding.kind)
                })
        }
        #expect(kinds(parts.findings) == kinds(whole.findings))
    }
}
