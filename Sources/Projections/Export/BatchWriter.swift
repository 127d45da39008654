/// Puts the records of a batch into its format, digests and writes them, on a thread beside the one
/// that reads them.
// @unchecked: what is mutable is touched by who adds records, or on `queue` alone, or once that is
// finished.
final class BatchWriter: @unchecked Sendable {
    /// Records that are handed over at once.
    private static let recordsMax = 512
    /// Bytes that are written at once.
    private static let chunkBytes = 256 << 10

    private let queue = WorkQueue("export", waitingMax: 4)
    private let draft: DraftFile
    private var records: [RatedCDR] = []
    private var batch: CDRBatch
    private var failure: ExportError?

    init(_ batch: CDRBatch, to draft: DraftFile) {
        self.batch = batch
        self.draft = draft
    }

    /// Waits while the writing is too far behind.
    func add(_ record: RatedCDR) {
        records.append(record)
        if records.count == Self.recordsMax { handOver() }
    }

    private func handOver() {
        let handed = records
        records = []
        records.reserveCapacity(Self.recordsMax)
        queue.add { self.write(handed) }
    }

    private func write(_ records: [RatedCDR]) {
        guard failure == nil else { return }
        do throws(ExportError) {
            for record in records {
                batch.add(record)
                if batch.waitingCount >= Self.chunkBytes { try draft.write(batch.take()) }
            }
        } catch {
            failure = error
        }
    }

    /// Waits for what is being written.
    func stop() { queue.finish() }

    /// Makes the draft durable.
    func finish() throws(ExportError) -> ExportManifest {
        handOver()
        queue.finish()
        if let failure { throw failure }
        try draft.write(batch.take())
        try draft.sync()
        return batch.manifest()
    }
}
