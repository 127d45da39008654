import Ledger
import MallocCounter
import Projections

/// Counts what an append and a replay take from the heap. The counts depend on the events alone,
/// not on the machine.
enum HeapBlocks {
    /// Prints the blocks that the appended events took, hashing included.
    static func append(_ path: String, events: Int) async throws {
        let writer = try TrafficWorkload.open(path)
        defer { writer.close() }
        let payload = [UInt8](repeating: 7, count: 128)
        var batch = EventBatch()
        // Once before: rooms that stay are taken then.
        try await append(&batch, payload, to: writer)
        let before = malloc_count()
        for _ in 0..<(events / TrafficWorkload.batchEvents) {
            try await append(&batch, payload, to: writer)
        }
        print("blocks \(malloc_count() - before)")
    }

    private static func append(
        _ batch: inout EventBatch, _ payload: [UInt8], to writer: LedgerWriter
    ) async throws {
        batch.removeAll()
        for index in 0..<TrafficWorkload.batchEvents {
            let header = EventHeader(
                kind: EventKind(rawValue: 65), schemaVersion: 1,
                stream: StreamID(rawValue: UInt64(index)), wallTime: 1, monotonicTime: 1)
            batch.append(header, payload: payload)
        }
        _ = try await writer.append(batch)
    }

    /// Prints the blocks that scan, decoding and occupancy fold took, and the events.
    static func replay(_ path: String) throws {
        let reader = try LedgerReader.open(path)
        let events = try reader.head().position
        let before = malloc_count()
        let state = try TrunkOccupancy.replayed(reader).state
        let blocks = malloc_count() - before
        print("blocks \(blocks)")
        print("events \(events)")
        print("trunks \(state.trunks.keys.count)")
    }
}
