public import TrunkEvents

extension ReconciliationReport {
    /// What the log keeps of it.
    ///
    /// - Parameter template: the text by which the invoice was read.
    public func fact(template: InvoiceTemplate) -> InvoiceLoaded {
        let findings = totals.reduce(0) { $0 + ($1.key == .exact ? 0 : $1.value.count) }
        return InvoiceLoaded(
            carrier: carrier, direction: direction, from: from, to: to,
            fileName: Octets(fileName), sha256: Octets(sha256.bytes),
            template: Octets(template.name),
            templateSHA256: Octets(Digest(of: Array(template.text.utf8)).bytes),
            lineCount: UInt32(clamping: summary.lineCount), billedSeconds: summary.seconds,
            amountUnits: summary.amount.units, findingCount: UInt32(clamping: findings),
            stakeUnits: stake.units)
    }
}
