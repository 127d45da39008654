import Ledger
import Projections
import TrunkEvents

/// The line of a carrier's invoice that is disputed.
struct DisputedLine {
    let invoice: InputFile
    /// As `reconcile` prints it, from 1.
    let number: Int

    /// What the line comes to: the whole invoice is reconciled, since only then is the carrier's
    /// clock known and no call claimed twice.
    func claim(
        _ choice: InvoiceChoice, in source: LedgerChoice
    ) throws -> EvidenceClaim {
        let projections = try source.projections(CallDetailRecords.self, RateDeckHistory.self)
        let book = try source.ratingBook(of: projections)
        let reconciliation = Reconciliation(
            invoice: invoice, template: try choice.reading.template(for: invoice),
            terms: try choice.terms(), book: book)
        var found: Finding?
        let report = try reconciliation.report(records: { body in
            try projections.forEachRecord { row in
                body(row)
                return .next
            }
        }) { finding in
            if finding.line == number { found = finding }
        }
        guard let found else {
            throw CommandFailure(
                .badInput,
                "\(invoice.path) bills nothing in line \(number); 'trunkledger reconcile --all' "
                    + "lists what it bills")
        }
        guard let record = found.cdr, let talk = found.talkMilliseconds else {
            throw CommandFailure(
                .badInput,
                "line \(number) bills a call that is not in our records "
                    + "(\(found.kind.rawValue)); there is no fact to prove")
        }
        return EvidenceClaim(
            invoice: report.fileName, sha256: report.sha256, line: number, text: try text(),
            kind: found.kind.rawValue, record: record, talkMilliseconds: talk,
            billedSeconds: found.billedSeconds, expectedSeconds: found.expectedSeconds,
            amount: found.amount, expectedAmount: found.expectedAmount, stake: found.stake)
    }

    private func text() throws -> String {
        var line = 1
        var text: [UInt8] = []
        try invoice.forEachChunk { chunk in
            for byte in chunk where line <= number {
                if byte == UInt8(ascii: "\n") {
                    line += 1
                } else if line == number {
                    text.append(byte)
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
