import CallTraffic
import Ledger
import Projections
import TestSupport
import TrunkEvents

/// What a test or a profiler wants to see alone in a process: recording the traffic of
/// ``CallTraffic``, replaying it, folding it into every projection, verifying it; and how many heap
/// blocks that takes.
///
///     record DIRECTORY EVENTS SEALED datagrams|bare
///     replay DIRECTORY
///     rebuild DIRECTORY
///     verify DIRECTORY
///     lookup DIRECTORY TIMES
///     append-blocks DIRECTORY EVENTS
///     replay-blocks DIRECTORY
@main
struct TrafficWorkload {
    static let batchEvents = 1_000

    static func main() async throws {
        let words = CommandLine.arguments.dropFirst().map { $0 }
        let clock = ContinuousClock()
        let begin = clock.now
        switch (words.first, words.count) {
        case ("record", 5):
            try await record(
                words[1], events: Int(words[2]) ?? 0, sealed: UInt64(words[3]) ?? 0,
                datagrams: words[4] == "datagrams")
        case ("replay", 2): try replay(words[1])
        case ("rebuild", 2):
            let reports = try LedgerProjections.rebuild(
                ledger: words[1], reader: LedgerReader.open(words[1]), mode: .owner)
            print(reports.allSatisfy(\.isUnchanged) ? "unchanged" : "changed")
        case ("verify", 2):
            print(try LedgerReader.open(words[1]).verify().isSound ? "sound" : "damaged")
        case ("lookup", 3): try lookup(words[1], times: Int(words[2]) ?? 0)
        case ("append-blocks", 3):
            try await HeapBlocks.append(words[1], events: Int(words[2]) ?? 0)
            return
        case ("replay-blocks", 2):
            try HeapBlocks.replay(words[1])
            return
        default: fatalError("usage: see the head of TrafficWorkload.swift")
        }
        print(begin.duration(to: clock.now))
    }

    /// Opens a ledger with no more address space than a sanitizer leaves.
    static func open(_ path: String) throws -> LedgerWriter {
        try LedgerWriter.open(path, options: LedgerOptions(mapBytes: 1 << 36, reserveBytes: 0))
    }

    private static func record(
        _ path: String, events: Int, sealed: UInt64, datagrams: Bool
    ) async throws {
        let writer = try open(path)
        defer { writer.close() }
        var traffic = CallTraffic(seed: 1, datagrams: datagrams)
        var batch = EventBatch()
        var payloadBytes = 0
        var left = events
        while left > 0 {
            traffic.fill(&batch, min(left, batchEvents))
            payloadBytes += batch.byteCount
            left -= batch.count
            _ = try await writer.append(batch)
        }
        print("payload bytes an event: \(Double(payloadBytes) / Double(events))")
        if sealed > 0 {
            let begin = ContinuousClock.now
            try seal(writer, through: sealed)
            print("sealing \(begin.duration(to: .now))")
        }
    }

    /// In segments as large as the background's sealing makes them.
    private static func seal(_ writer: LedgerWriter, through limit: UInt64) throws {
        let step = Int(SealingPolicy().segmentEvents)
        for end in stride(from: step, through: Int(limit), by: step) {
            try writer.seal(through: Position(rawValue: UInt64(end)))
        }
        print("sealed \(try writer.seal(through: Position(rawValue: limit)))")
    }

    private static func replay(_ path: String) throws {
        let state = try TrunkOccupancy.replayed(LedgerReader.open(path)).state
        print("in use: \(state.trunks.values.reduce(0) { $0 + $1.inUse })")
    }

    /// Reads the events of calls from all over the log, one call at a time.
    private static func lookup(_ path: String, times: Int) throws {
        let reader = try LedgerReader.open(path)
        var calls: [StreamID] = []
        try reader.replay([EventKind(rawValue: FactKind.callStarted.rawValue)]) { event in
            calls.append(event.header.stream)
            return .next
        }
        let clock = ContinuousClock()
        let spans = try (0..<times).map { time in
            let call = calls[time * 7_919 % calls.count]
            return try clock.measure { try reader.read(stream: call) { _ in .next } }
        }
        print("median \(spans.sorted()[times / 2])")
    }
}
