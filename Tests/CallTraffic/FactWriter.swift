import Ledger
import TestSupport
import TrunkEvents

/// Stamps and encodes facts, and keeps them until a batch takes them.
struct FactWriter: Sendable {
    let datagrams: Bool
    private var wallTime: Int64 = 0
    private var monotonicTime: UInt64 = 0
    private var headers: [EventHeader] = []
    private var payloads: [UInt8] = []
    private var payloadEnds: [Int] = []

    init(datagrams: Bool) {
        self.datagrams = datagrams
    }

    /// Events that no batch has taken.
    var waiting: Int { headers.count }

    /// What is recorded from here on happened `now` nanoseconds after the traffic began.
    mutating func advance(to now: Int64, _ random: inout SeededGenerator) {
        wallTime = CallTraffic.begin + now
        // The two clocks are read one after the other, 30 to 90 ns apart.
        monotonicTime = 86_400_000_000_000 + UInt64(now) + 30 + random.below(61)
    }

    mutating func record(_ event: Event) {
        headers.append(
            EventHeader(
                kind: EventKind(rawValue: event.kind.rawValue), schemaVersion: event.version,
                stream: StreamID(rawValue: event.stream.rawValue), wallTime: wallTime,
                monotonicTime: monotonicTime))
        event.encode(into: &payloads)
        payloadEnds.append(payloads.count)
    }

    /// Moves the first `count` events to `batch`.
    mutating func move(_ count: Int, to batch: inout EventBatch) {
        var start = 0
        for index in 0..<count {
            let end = payloadEnds[index]
            batch.append(headers[index], payload: payloads.span.bytes.extracting(start..<end))
            start = end
        }
        headers.removeFirst(count)
        payloads.removeFirst(start)
        payloadEnds.removeFirst(count)
        for index in payloadEnds.indices { payloadEnds[index] -= start }
    }
}
