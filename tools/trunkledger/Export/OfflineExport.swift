import Ledger
import Projections
import TrunkEvents

/// An export while no agent runs: this process takes the writer's lock.
struct OfflineExport {
    private let ledger: String

    init(ledger: String) {
        self.ledger = ledger
    }

    func export(_ format: ExportFormat, to directory: String) throws -> ExportManifest {
        let writer = try FactRecording.writer(ledger)
        defer { writer.close() }
        var projections = try LedgerProjections(
            ledger: ledger, reader: writer.reader, mode: .owner)
        let manifest = try projections.export(format, to: directory)
        try FactRecording.record(.exportClosed(manifest.closed), with: writer)
        try projections.save()
        return manifest
    }
}
