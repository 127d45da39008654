import Ledger
import Projections
import TestSupport
import TrunkEvents

/// Projection state in memory.
final class MemoryStore: ProjectionStore, @unchecked Sendable {
    // @unchecked: used by one test on one thread.
    private(set) var values: [String: [UInt8]] = [:]
    private(set) var commits = 0

    func load(_ key: String) throws(LedgerError) -> [UInt8]? { values[key] }

    func commit(_ entries: [(key: String, value: [UInt8])]) throws(LedgerError) {
        commits += 1
        for entry in entries { values[entry.key] = entry.value }
    }

    func corrupt(_ key: String, at offset: Int = 0) { values[key]?[offset] ^= 1 }
    func take(_ other: MemoryStore) { values = other.values }
    func replace(_ key: String, with value: [UInt8]?) { values[key] = value }
}

/// A link that depends on the position alone.
func madeUpLink(_ position: Position) -> Link {
    Link((0..<32).map { UInt8(truncatingIfNeeded: position.rawValue) &+ $0 })!
}

func madeUpHead(_ position: Position, ledger: UInt64 = 1) -> LedgerHead {
    LedgerHead(
        ledger: LedgerID(high: ledger, low: 2), position: position, link: madeUpLink(position))
}

/// Appends events to a real ledger, a few to a frame.
func append(_ entries: some Collection<LogEntry>, to writer: LedgerWriter) async throws {
    var rest = entries[...]
    while !rest.isEmpty {
        var batch = EventBatch()
        for entry in rest.prefix(7) {
            var payload: [UInt8] = []
            entry.event.encode(into: &payload)
            batch.append(header(of: entry), payload: payload)
        }
        _ = try await writer.append(batch)
        rest = rest.dropFirst(7)
    }
}

/// A real ledger of `entries`, whose projections are saved behind the first `saved` of them.
func withSavedLog(
    _ entries: [LogEntry], saved: Int,
    _ body: (_ path: String, _ reader: LedgerReader) throws -> Void
) async throws {
    try await withTemporaryDirectory { directory in
        let path = directory + "/ledger"
        let writer = try LedgerWriter.open(path, options: testOptions)
        defer { writer.close() }
        try await append(entries.prefix(saved), to: writer)
        var owner = try LedgerProjections(ledger: path, reader: writer.reader, mode: .owner)
        try owner.save()
        try await append(entries.dropFirst(saved), to: writer)
        try body(path, writer.reader)
    }
}

/// Every fact of a call, as a real ledger tells it.
func facts(of call: CallID, in reader: LedgerReader) throws -> [LogEntry] {
    var facts: [LogEntry] = []
    try reader.read(stream: StreamID(rawValue: FactStream(call).rawValue)) { view in
        facts.append(try LogEntry(view))
        return .next
    }
    return facts
}

private func header(of entry: LogEntry) -> EventHeader {
    EventHeader(
        kind: EventKind(rawValue: entry.event.kind.rawValue),
        schemaVersion: entry.event.version,
        stream: StreamID(rawValue: entry.event.stream.rawValue),
        wallTime: entry.stamp.wall.nanoseconds,
        monotonicTime: entry.stamp.monotonic.nanoseconds)
}

let testOptions = LedgerOptions(mapBytes: 1 << 30, reserveBytes: 0)
