import Dispatch
import Glibc
import Ledger
import Projections
import Synchronization
import TrunkEvents

/// An export while no agent runs: this process takes the writer's lock.
struct OfflineExport {
    private let ledger: String

    init(ledger: String) {
        self.ledger = ledger
    }

    func export(_ format: ExportFormat, to directory: String) throws -> ExportManifest {
        let writer: LedgerWriter
        do {
            writer = try LedgerWriter.open(ledger)
        } catch {
            throw CommandFailure(opening: error, at: ledger)
        }
        defer { writer.close() }
        var projections = try LedgerProjections(
            ledger: ledger, reader: writer.reader, mode: .owner)
        let manifest = try projections.export(format, to: directory)
        try record(.exportClosed(manifest.closed), with: writer)
        try projections.save()
        return manifest
    }

    /// Returns once the fact is durable.
    private func record(_ event: Event, with writer: LedgerWriter) throws {
        var payload: [UInt8] = []
        event.encode(into: &payload)
        var monotonic = timespec()
        clock_gettime(CLOCK_BOOTTIME, &monotonic)
        var batch = EventBatch()
        batch.append(
            EventHeader(
                kind: EventKind(rawValue: event.kind.rawValue), schemaVersion: event.version,
                stream: StreamID(rawValue: event.stream.rawValue),
                wallTime: WallInstant.now.nanoseconds,
                monotonicTime: UInt64(monotonic.tv_sec) * 1_000_000_000
                    + UInt64(monotonic.tv_nsec)),
            payload: payload)
        let outcome = Outcome()
        writer.append(batch) { outcome.settle($0) }
        try outcome.wait()
    }

    /// What the committer's thread says, waited for by this one.
    private final class Outcome: Sendable {
        private let result = Mutex<Result<AppendReceipt, LedgerError>?>(nil)
        private let isSettled = DispatchSemaphore(value: 0)

        func settle(_ outcome: Result<AppendReceipt, LedgerError>) {
            result.withLock { $0 = outcome }
            isSettled.signal()
        }

        func wait() throws(LedgerError) {
            isSettled.wait()
            _ = try result.withLock { $0 }?.get()
        }
    }
}
