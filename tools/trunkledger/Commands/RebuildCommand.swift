import ArgumentParser
import Ledger
import Projections

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Fold every projection from the first event again and compare it byte for byte.",
        discussion: """
            Without an agent, what is saved is replaced by what was folded. While the agent runs \
            it owns the saved state, so that it is only compared.

            Exit status: 0 nothing changed, 1 a projection differs or could not be folded.
            """)

    @OptionGroup var source: LedgerChoice
    @OptionGroup var output: OutputChoice

    func run() throws {
        let progress = Progress("folding")
        let reports = try rebuild { progress.update($0.rawValue, of: $1.rawValue) }
        progress.end()
        var listing = try Listing(Self.columns, output, to: StandardOutput())
        for report in reports { listing.add(report) }
        listing.finish(empty: "the log is empty")
        guard reports.allSatisfy(\.isUnchanged) else { throw CommandFailure.found }
    }

    private func rebuild(
        _ progress: (Position, Position) -> Void
    ) throws -> [RebuildReport] {
        let path = try source.path()
        let reader = try source.reader()
        let writer: LedgerWriter
        do {
            // Held, not written to: the lock says that no agent runs.
            writer = try LedgerWriter.open(path)
        } catch {
            guard case .locked = error.code else { throw error }
            return try LedgerProjections.rebuild(
                ledger: path, reader: reader, mode: .reader, progress: progress)
        }
        defer { writer.close() }
        return try LedgerProjections.rebuild(
            ledger: path, reader: writer.reader, mode: .owner, progress: progress)
    }

    private static let columns: [ListingColumn<RebuildReport>] = [
        ListingColumn("projection", "PROJECTION", value: { .text($0.projection) }),
        ListingColumn("events", "EVENTS", .right, value: { .unsigned($0.events) }),
        ListingColumn("unchanged", value: { .truth($0.isUnchanged) }),
        ListingColumn("sha256_before", value: { OutputValue($0.digestBefore) }),
        ListingColumn("sha256_after", "SHA-256", rank: 1, value: { OutputValue($0.digestAfter) }),
        ListingColumn(
            "fault", "RESULT", value: { OutputValue($0.fault) },
            cell: { report in
                if let fault = report.fault { return TableCell("stopped at \(fault)", .bad) }
                if report.digestBefore == nil { return TableCell("nothing was saved") }
                return report.isUnchanged
                    ? TableCell("unchanged", .good) : TableCell("DIFFERS", .bad)
            }),
    ]
}
