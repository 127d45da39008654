import Ledger
import TestSupport

/// A batch whose every byte follows from the run's seed, its producer and its number: whoever
/// reads the ledger later knows what must be there without having been told.
struct WorkloadBatch {
    /// Producer (2 bytes), number (4), index (2), count (2), before the random bytes.
    static let prefixBytes = 10

    let seed: UInt64
    let producer: UInt16
    /// Counted from 0 for each producer.
    let number: UInt32

    struct Event: Equatable {
        var header: EventHeader
        var payload: [UInt8]
    }

    var events: [Event] {
        var generator = SeededGenerator(
            seed: seed ^ (UInt64(producer) << 48) ^ (UInt64(number) &* 0x9E37_79B9))
        // Now and then values over a page, which LMDB keeps apart from its leaves.
        let isLarge = UInt8.random(in: 0..<16, using: &generator) == 0
        let count = UInt16.random(in: 1...(isLarge ? 3 : 12), using: &generator)
        return (0..<count).map { index in
            let size = Int.random(in: 0...(isLarge ? 4_000 : 120), using: &generator)
            return Event(
                header: EventHeader(
                    kind: EventKind(rawValue: UInt16.random(in: 1...5, using: &generator)),
                    schemaVersion: 1,
                    stream: StreamID(rawValue: UInt64.random(in: 1...6, using: &generator)),
                    // A clock that jumps, forwards and backwards.
                    wallTime: Int64.random(in: -1_000...1 << 60, using: &generator),
                    monotonicTime: UInt64(number)),
                payload: Self.prefix(producer, number, index, count)
                    + generator.bytes(size))
        }
    }

    var batch: EventBatch {
        var batch = EventBatch()
        for event in events { batch.append(event.header, payload: event.payload) }
        return batch
    }

    private static func prefix(
        _ producer: UInt16, _ number: UInt32, _ index: UInt16, _ count: UInt16
    ) -> [UInt8] {
        [
            UInt8(producer >> 8), UInt8(producer & 255),
            UInt8(number >> 24), UInt8(number >> 16 & 255), UInt8(number >> 8 & 255),
            UInt8(number & 255), UInt8(index >> 8), UInt8(index & 255), UInt8(count >> 8),
            UInt8(count & 255),
        ]
    }

    /// The batch that an event with this payload belongs to; `nil` when it is none of ours.
    init?(seed: UInt64, payload: [UInt8]) {
        guard payload.count >= Self.prefixBytes else { return nil }
        self.init(
            seed: seed, producer: UInt16(payload[0]) << 8 | UInt16(payload[1]),
            number: payload[2..<6].reduce(0) { $0 << 8 | UInt32($1) })
    }

    init(seed: UInt64, producer: UInt16, number: UInt32) {
        self.seed = seed
        self.producer = producer
        self.number = number
    }
}
