import Dispatch
import Glibc
import Ledger
import Projections
import Synchronization
import TrunkEvents

/// Records a fact: through the running agent, else with the writer's lock.
struct FactRecording {
    private let ledger: String

    init(ledger: String) {
        self.ledger = ledger
    }

    /// Another command holds the writer's lock for a moment only, and an agent that starts opens
    /// its door soon: so many looks, so far apart.
    private static let looksMax = 100
    private static let pauseMicroseconds: UInt32 = 50_000

    /// Returns once the fact is durable.
    func record(_ event: Event) throws {
        var free: LedgerWriter?
        for _ in 1..<Self.looksMax {
            if try AgentDoor(ledger: ledger).record(event) { return }
            free = try Self.freeWriter(ledger)
            if free != nil { break }
            usleep(Self.pauseMicroseconds)
        }
        let writer = try free ?? Self.writer(ledger)
        defer { writer.close() }
        try Self.record(event, with: writer)
    }

    /// `nil` while another process has the lock.
    private static func freeWriter(_ ledger: String) throws -> LedgerWriter? {
        do {
            return try LedgerWriter.open(ledger)
        } catch {
            if case .locked = error.code { return nil }
            throw CommandFailure(opening: error, at: ledger)
        }
    }

    static func writer(_ ledger: String) throws -> LedgerWriter {
        do {
            return try LedgerWriter.open(ledger)
        } catch {
            throw CommandFailure(opening: error, at: ledger)
        }
    }

    /// Returns once the fact is durable.
    static func record(_ event: Event, with writer: LedgerWriter) throws {
        var payload: [UInt8] = []
        event.encode(into: &payload)
        var monotonic = timespec()
        clock_gettime(CLOCK_MONOTONIC, &monotonic)
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
