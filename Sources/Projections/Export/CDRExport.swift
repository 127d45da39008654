public import Ledger
import TrunkEvents

/// Cuts the CDRs into sealed batches, one after the other.
///
/// A batch is a range of the log, so that a late call never changes a closed batch. Its rows go
/// to a draft as they are read, so that no batch has to fit into memory. The manifest, which names
/// their digest, takes its place before the draft gets its name; then the caller records the
/// ``ExportClosed``:
/// ```
/// draft --manifest--> planned --draft renamed--> complete --exportClosed recorded--> closed
///   ^ a crash here is forgotten   ^ a crash in these two: the next export finds the manifest,
///                                   makes the same bytes again and returns the same fact
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
    ///   - book: every deck that the log names.
    ///   - last: the event after which the batch ends.
    /// - Returns: the manifest, whose `closed` is to be recorded. It is the manifest of an earlier
    ///   range when a crash left that batch without its record.
    public func next(
        _ format: ExportFormat, history: ExportHistory, records: CallDetailRecords,
        book: RatingBook, through last: Position, rows: @escaping BatchRows.Source
    ) throws(ExportError) -> ExportManifest {
        try next(format, history, records, book, last, rows: rows, hook: { _ in true })
    }

    /// The same for tests, which stop where `hook` says `false`.
    func next(
        _ format: ExportFormat, _ history: ExportHistory, _ records: CallDetailRecords,
        _ book: RatingBook, _ last: Position, rows: @escaping BatchRows.Source, hook: (Step) -> Bool
    ) throws(ExportError) -> ExportManifest {
        guard let node = history.node else { throw .noNode }
        try DurableFile.makeDirectory(directory)
        let first = (history.last?.lastPosition ?? 0) + 1
        var plan = CDRBatch.Plan(
            node: node, sequence: (history.last?.sequence ?? 0) + 1, format: format,
            firstPosition: first, lastPosition: max(last.rawValue, first - 1),
            completeUntil: records.completeUntil ?? WallInstant(nanoseconds: 0),
            previousSHA256: history.last.flatMap { Digest(exactly: $0.sha256.bytes) })
        if let found = try begunBatch(plan) { plan = CDRBatch.Plan(found) }
        // One name for every format: what a crash leaves is written over.
        let stem = ExportManifest.stem(node: node, sequence: plan.sequence)
        let draft = try DraftFile("\(directory)/\(stem).tmp")
        let manifest = try write(plan, book, to: draft, rows)
        try publish(draft, manifest, hook)
        return manifest
    }

    /// The manifest that a crash left without its record, if one lies in the plan's place.
    private func begunBatch(_ plan: CDRBatch.Plan) throws(ExportError) -> ExportManifest? {
        let name = ExportManifest.manifestName(node: plan.node, sequence: plan.sequence)
        let path = "\(directory)/\(name)"
        guard let bytes = try DurableFile.read(path) else { return nil }
        guard let found = ExportManifest(json: bytes) else { throw .foreignManifest(path: path) }
        guard found.firstPosition == plan.firstPosition,
            found.previousSHA256 == plan.previousSHA256, found.lastPosition <= plan.lastPosition
        else { throw .foreignBatch(path: path) }
        return found
    }

    private func write(
        _ plan: CDRBatch.Plan, _ book: RatingBook, to draft: DraftFile,
        _ rows: @escaping BatchRows.Source
    ) throws(ExportError) -> ExportManifest {
        let range = plan.positions.map { BatchRows($0, book) }
        let batch = CDRBatch(plan, isRated: range?.isRated ?? false)
        let writer = BatchWriter(batch, to: draft)
        do {
            try range?.forEach(rows) { writer.add($0) }
        } catch {
            writer.stop()
            throw .records(cause: "\(error)")
        }
        return try writer.finish()
    }

    private func publish(
        _ draft: DraftFile, _ manifest: ExportManifest, _ hook: (Step) -> Bool
    ) throws(ExportError) {
        guard hook(.beforeManifest) else { return }
        try DurableFile.replace("\(directory)/\(manifest.manifestName)", with: manifest.json)
        // On disk before the file: a file without its manifest could not be made again.
        try DurableFile.syncDirectory(directory)
        guard hook(.beforeFile) else { return }
        try draft.rename(to: "\(directory)/\(manifest.fileName)")
        guard hook(.beforeSync) else { return }
        try DurableFile.syncDirectory(directory)
    }
}
