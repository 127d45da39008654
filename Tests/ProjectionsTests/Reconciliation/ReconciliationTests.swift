import Ledger
import TestSupport
import Testing
import TrunkEvents

@testable import Projections

/// Small invoices, line by line.
@Suite struct ReconciliationTests {
    private func row(
        _ position: UInt64, answeredAt: Int64?, talk: Int64 = 60_000, from: String = "+13055550101",
        carrier: CarrierName = alpha
    ) -> CDRRow {
        let end = after((answeredAt ?? 0) + talk)
        var row = CDRRow(
            node: ShortName("pbx1"), seizedPosition: Position(rawValue: position),
            call: callID(1), attempt: .first, firstPosition: .first, lastPosition: .first,
            trunk: alpha1, carrier: carrier, direction: .outbound,
            seizedAt: after((answeredAt ?? 5_000) - 5_000), endedAt: end, releasedAt: end,
            disposition: answeredAt == nil ? .busy : .answered, endedBy: .local, endSource: .bye,
            inUseAtSeizure: 1, capAtSeizure: 50)
        row.answeredAt = answeredAt.map(after)
        row.bE164 = "+12125550100"
        row.aE164 = Octets(from)
        row.talkMilliseconds = answeredAt == nil ? 0 : talk
        return row
    }

    private func reconcile(
        _ lines: String, _ rows: [CDRRow],
        terms: Reconciliation.Terms = Reconciliation.Terms(), book: RatingBook = RatingBook(),
        currency: String = "currency: USD"
    ) throws -> (report: ReconciliationReport, findings: [Finding]) {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/i.csv"
            let text = "header: no\nstart: #1\nfrom: #2\nto: #3\nduration: #4\namount: #5\n"
            try DurableFile.replace(path, with: Array(lines.utf8))
            let reconciliation = Reconciliation(
                invoice: InputFile(path: path),
                template: try InvoiceTemplateReaderTests.template(text + currency), terms: terms,
                book: book)
            var findings: [Finding] = []
            let report = try reconciliation.report(records: { rows.forEach($0) }) {
                findings.append($0)
            }
            return (report, findings)
        }
    }

    /// `start` is 14:00 UTC.
    @Test func callsThatFollowCloselyAreToldApartByTheirLength() throws {
        let rows = [
            row(1, answeredAt: 0, talk: 9_000), row(2, answeredAt: 20_000, talk: 30_000),
            row(3, answeredAt: 600_000, talk: 12_000),
        ]
        let (_, findings) = try reconcile(
            """
            2026-11-22 15:00,13055550101,12125550100,30,0.5
            2026-11-22 15:00,13055550101,12125550100,9,0.1
            2026-11-22 15:10,13055550101,12125550100,12,0.1

            """, rows)
        #expect(findings.map { $0.cdr?.position.rawValue } == [2, 1, 3])
        #expect(findings.allSatisfy { $0.kind == .exact })
    }

    @Test func aHiddenCallerIsPairedByTheNumberCalled() throws {
        let rows = [row(1, answeredAt: 0), row(2, answeredAt: 300_000, from: "")]
        let (report, findings) = try reconcile(
            """
            2026-11-22 14:00:01,anonymous,12125550100,60,0.5
            2026-11-22 14:05:01,13055550109,12125550100,60,0.5

            """, rows)
        #expect(findings.map(\.kind) == [.exact, .exact])
        #expect(report.stake == .zero)
    }

    @Test func theLaterOfEqualLinesIsTheCopy() throws {
        let line = "2026-11-22 14:00:00,13055550101,12125550100,60,0.5\n"
        let (report, findings) = try reconcile(
            line + line + line, [row(1, answeredAt: 0), row(2, answeredAt: nil)])
        #expect(findings.map(\.kind) == [.exact, .duplicate, .duplicate])
        #expect(findings.map(\.original) == [nil, 1, 1])
        #expect(report.stake.description == "1.00")
    }

    @Test func attemptsAreBilledOrNot() throws {
        let (report, findings) = try reconcile(
            """
            2026-11-22 14:00:02,13055550101,12125550100,30,0.5
            2026-11-22 14:01:00,13055550101,12125550100,0,0.00

            """, [row(1, answeredAt: nil, talk: 20_000)])
        #expect(findings.map(\.kind) == [.unanswered])
        #expect(report.unbilledCount == 1 && report.stake.description == "0.50")
    }

    @Test func aCallWithoutALineIsMissedWithinThePeriodOnly() throws {
        let rows = [1, 2, 3].map { row($0, answeredAt: Int64($0) * 600_000) }
        let line = "2026-11-22 14:10:00,13055550101,12125550100,60,0.5\n"
        #expect(try reconcile(line, rows).findings.map(\.kind) == [.exact])
        let terms = Reconciliation.Terms(from: start, to: after(1_300_000))
        let wider = try reconcile(line, rows, terms: terms)
        #expect(wider.findings.map(\.kind) == [.exact, .missingTheirs])
        #expect(wider.report.ownCallCount == 2)
    }

    @Test func whatCannotBeComparedIsRefused() throws {
        let line = "2026-11-22 14:10:00,13055550101,12125550100,60,0.5\n"
        let rows = [row(1, answeredAt: 0), row(2, answeredAt: 0, carrier: beta)]
        #expect(throws: ReconciliationError.severalCarriers(alpha, beta)) {
            try reconcile(line, rows)
        }
        let one = Reconciliation.Terms(carrier: beta)
        #expect(try reconcile(line, rows, terms: one).report.carrier == beta)
        var book = RatingBook()
        book.add(try RateDeckTests.deck("prefix,rate\n1,0.5\n"), loadedAt: .first)
        let euros = ReconciliationError.otherCurrency(
            invoice: ShortName("EUR")!, deck: ShortName("USD")!)
        #expect(throws: euros) {
            try reconcile(line, [rows[0]], book: book, currency: "currency: EUR")
        }
    }

    /// Like a DID that is called all day, by an invoice without callers.
    @Test func aNumberCalledAllDayIsPairedCallByCall() throws {
        let seed = Seed(for: "aNumberCalledAllDayIsPairedCallByCall")
        var random = seed.generator()
        var answeredAt: Int64 = 0
        let rows = (1...8_000).map { index in
            answeredAt += Int64.random(in: 2_000...18_000, using: &random)
            let talk = Int64.random(in: 1...300, using: &random) * 1_000
            return row(UInt64(index), answeredAt: answeredAt, talk: talk)
        }
        let lines = rows.map { row in
            let seen = start.duration(to: row.answeredAt ?? start).milliseconds + 7_200_000
            let stamp = after(seen).utcText.dropLast(5)
            return "\(stamp),hidden,12125550100,\(row.talkMilliseconds / 1_000),0.5\n"
        }
        let (report, findings) = try reconcile(lines.joined(), rows)
        #expect(report.clocks.map(\.zoneSeconds) == [7_200])
        let right = findings.count { $0.cdr?.position.rawValue == $0.line.map(UInt64.init) }
        #expect(right * 100 >= rows.count * 99, "\(right), \(seed)")
        #expect(report.total(.exact).count * 100 >= rows.count * 99)
    }

    @Test func absurdSumsEndNothing() throws {
        let line = "2026-11-22 14:10:00,13055550101,12125550100,1,1000000\n"
        let (report, _) = try reconcile(
            line + "9000000000000,1,12125550100,2600000,1000000\n",
            [row(1, answeredAt: 600_000, talk: 80_000_000)])
        #expect(report.summary.lineCount == 2)
    }
}
