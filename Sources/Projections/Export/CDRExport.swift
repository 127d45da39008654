public import Ledger
import TrunkEvents

/// Cuts the CDRs into sealed batches, one after the other.
///
/// A batch is a range of the log, so that a late call never changes a closed batch. Its manifest
/// goes first, then its file, then the caller records the ``ExportClosed``:
/// ```
/// nothing --manifest--> planned --file--> complete --exportClosed recorded--> closed
///    ^ a crash here leaves no trace   ^ a crash in these two: the next export finds the manifest,
///                                       makes the same bytes again and returns the same fact
/// ```
public struct CDRExport: Sendable {
    public let directory: String

    public init(directory: String) {
        self.directory = directory
    }

    /// Where a batch stands when the hook is called.
    enum Step: Hashable, CaseIterable { case beforeManifest, beforeFile, beforeSync }

    /// Makes the batch after the last one that was recorded.
    ///
    /// - Parameters:
    ///   - history: the exports recorded so far.
    ///   - records: the fold of the CDRs, at `last`.
    ///   - last: the event after which the batch ends.
    ///   - rows: the CDRs that events of a range closed, in their order.
    /// - Returns: the manifest, whose `closed` is to be recorded. It is the manifest of an earlier
    ///   range when a crash left that batch without its record.
    public func next(
        _ format: ExportFormat, history: ExportHistory, records: CallDetailRecords,
        through last: Position, rows: (ClosedRange<Position>) throws -> [CDRRow]
    ) throws(ExportError) -> ExportManifest {
        try next(format, history, records, last, rows: rows, hook: { _ in true })
    }

    /// The same for tests, which stop where `hook` says `false`.
    func next(
        _ format: ExportFormat, _ history: ExportHistory, _ records: CallDetailRecords,
        _ last: Position, rows: (ClosedRange<Position>) throws -> [CDRRow],
        hook: (Step) -> Bool
    ) throws(ExportError) -> ExportManifest {
        guard let node = history.node else { throw .noNode }
        try DurableFile.makeDirectory(directory)
        let sequence = (history.last?.sequence ?? 0) + 1
        let first = (history.last?.lastPosition ?? 0) + 1
        var plan = CDRBatch.Plan(
            node: node, sequence: sequence, format: format, firstPosition: first,
            lastPosition: max(last.rawValue, first - 1),
            completeUntil: records.completeUntil ?? WallInstant(nanoseconds: 0),
            previousSHA256: history.last.flatMap { Digest(exactly: $0.sha256.bytes) })
        let path = "\(directory)/\(ExportManifest.manifestName(node: node, sequence: sequence))"
        if let bytes = try DurableFile.read(path) {
            guard let found = ExportManifest(json: bytes) else {
                throw .foreignManifest(path: path)
            }
            guard found.firstPosition == first, found.previousSHA256 == plan.previousSHA256,
                found.lastPosition <= plan.lastPosition
            else { throw .foreignBatch(path: path) }
            plan = CDRBatch.Plan(found)
        }
        let batch = CDRBatch(plan, rows: try read(plan, rows))
        try write(batch, hook)
        return batch.manifest
    }

    /// Makes a batch again that was made before: the same bytes.
    public func again(
        _ manifest: ExportManifest, rows: (ClosedRange<Position>) throws -> [CDRRow]
    ) throws(ExportError) -> CDRBatch {
        let plan = CDRBatch.Plan(manifest)
        return CDRBatch(plan, rows: try read(plan, rows))
    }

    private func read(
        _ plan: CDRBatch.Plan, _ rows: (ClosedRange<Position>) throws -> [CDRRow]
    ) throws(ExportError) -> [CDRRow] {
        guard plan.firstPosition <= plan.lastPosition else { return [] }
        let first = Position(rawValue: plan.firstPosition)
        do {
            return try rows(first...Position(rawValue: plan.lastPosition))
        } catch {
            throw .records(cause: "\(error)")
        }
    }

    private func write(_ batch: CDRBatch, _ hook: (Step) -> Bool) throws(ExportError) {
        guard hook(.beforeManifest) else { return }
        let manifest = batch.manifest
        try DurableFile.replace("\(directory)/\(manifest.manifestName)", with: manifest.json)
        // On disk before the file: a file without its manifest could not be made again.
        try DurableFile.syncDirectory(directory)
        guard hook(.beforeFile) else { return }
        try DurableFile.replace("\(directory)/\(manifest.fileName)", with: batch.contents)
        guard hook(.beforeSync) else { return }
        try DurableFile.syncDirectory(directory)
    }
}
