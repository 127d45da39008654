import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite struct EventQueryTests {
    /// A ledger beside the list of what was appended to it.
    private struct Log {
        let writer: LedgerWriter
        private(set) var events: [Event] = []

        init(_ path: String, frames: Int, _ generator: inout SeededGenerator) throws {
            writer = try LedgerWriter.open(path)
            for _ in 0..<frames { try append(&generator) }
        }

        /// Times that rise, mostly; streams that come and go; kinds of which one is rare.
        private mutating func append(_ generator: inout SeededGenerator) throws {
            var batch = EventBatch()
            for _ in 0..<Int.random(in: 1...30, using: &generator) {
                let age = Int64(events.count)
                let isRare = Int.random(in: 0..<50, using: &generator) == 0
                let header = EventHeader(
                    kind: EventKind(rawValue: isRare ? 900 : .random(in: 1...4, using: &generator)),
                    schemaVersion: .random(in: 1...2, using: &generator),
                    stream: StreamID(
                        rawValue: UInt64(age / 40) + .random(in: 0...5, using: &generator)),
                    wallTime: 10 * age + .random(in: -300...300, using: &generator),
                    monotonicTime: UInt64(age))
                let payload = generator.bytes(
                    .random(in: 0...(isRare ? 9_000 : 80), using: &generator))
                batch.append(header, payload: payload)
                events.append(
                    Event(
                        position: Position(rawValue: UInt64(events.count) + 1), header: header,
                        bootID: writer.bootID, payload: payload))
            }
            try writer.appendAndWait(batch)
        }

        /// Holds random queries against a linear scan of the list.
        func check(_ rounds: Int, _ seed: Seed, _ generator: inout SeededGenerator) throws {
            for _ in 0..<rounds {
                let query = EventQuery.random(over: events, &generator)
                let found = try writer.reader.all(query)
                #expect(found == query.answer(from: events), "\(query), \(seed)")
            }
        }

        func limit(_ generator: inout SeededGenerator) -> Position {
            Position(rawValue: .random(in: 1...UInt64(events.count), using: &generator))
        }
    }

    @Test func queriesEqualANaiveScanBeforeDuringAndAfterSealing() throws {
        let seed = Seed(for: "queriesEqualANaiveScanBeforeDuringAndAfterSealing")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let log = try Log("\(path)/ledger", frames: 60, &generator)
            try log.check(150, seed, &generator)
            for _ in 0..<3 {
                let limit = log.limit(&generator)
                while let draft = try log.writer.sealer.draft(through: limit) {
                    try log.check(30, seed, &generator)
                    try log.writer.sealer.store(draft)
                    try log.check(30, seed, &generator)
                    try log.writer.sealer.publish(draft)
                    try log.check(30, seed, &generator)
                }
            }
            try log.writer.seal()
            try log.check(150, seed, &generator)
            log.writer.close()
            try log.check(20, seed, &generator)
        }
    }

    @Test func queriesEqualANaiveScanWhileAnotherThreadSeals() throws {
        let seed = Seed(for: "queriesEqualANaiveScanWhileAnotherThreadSeals")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let log = try Log("\(path)/ledger", frames: 120, &generator)
            let limits = (0..<30).map { _ in log.limit(&generator) }.sorted()
            let failure = Mutex<(any Error)?>(nil)
            let isSealed = Atomic(false)
            Thread.detachNewThread { [writer = log.writer] in
                do {
                    for limit in limits { try writer.seal(through: limit) }
                } catch {
                    failure.withLock { $0 = error }
                }
                isSealed.store(true, ordering: .releasing)
            }
            repeat {
                try log.check(5, seed, &generator)
            } while !isSealed.load(ordering: .acquiring)
            try log.check(50, seed, &generator)
            #expect(failure.withLock { $0 } == nil)
        }
    }

    @Test func aQueryStopsWhereItIsTold() throws {
        var generator = Seed(for: "aQueryStopsWhereItIsTold").generator()
        try withTemporaryDirectory { path in
            let log = try Log("\(path)/ledger", frames: 30, &generator)
            try log.writer.seal(through: Position(rawValue: UInt64(log.events.count / 2)))
            for direction in [EventQuery.Direction.forwards, .backwards] {
                let query = EventQuery(kinds: [EventKind(rawValue: 2)], direction: direction)
                let expected = query.answer(from: log.events)
                for count in [1, 2, expected.count / 2, expected.count] {
                    var seen: [Event] = []
                    try log.writer.reader.read(query) { event in
                        seen.append(Event(event))
                        return seen.count == count ? .stop : .next
                    }
                    #expect(seen == Array(expected.prefix(count)))
                }
            }
        }
    }

    @Test func aFollowerFiltersToo() throws {
        var generator = Seed(for: "aFollowerFiltersToo").generator()
        try withTemporaryDirectory { path in
            let log = try Log("\(path)/ledger", frames: 30, &generator)
            try log.writer.seal(through: Position(rawValue: UInt64(log.events.count / 2)))
            let end = Position(rawValue: UInt64(log.events.count))
            let query = EventQuery(through: end, kinds: [EventKind(rawValue: 3)])
            var seen: [Event] = []
            try log.writer.reader.follow(query, until: { false }) { event in
                seen.append(Event(event))
                return .next
            }
            #expect(seen == query.answer(from: log.events))
        }
    }

    /// Header and filter alone tell that nothing of a segment is wanted: its directory, here
    /// damaged, is not looked at.
    @Test func aSegmentWithoutAMatchIsNotOpened() throws {
        var generator = Seed(for: "aSegmentWithoutAMatchIsNotOpened").generator()
        try withTemporaryDirectory { path in
            let log = try Log("\(path)/ledger", frames: 60, &generator)
            let sealed = try log.writer.seal(
                through: Position(rawValue: UInt64(log.events.count / 2)))
            try damage(log.writer, piece: 1, at: 20)
            let tail = log.events[Int(sealed.rawValue)...]
            let stream = try #require(tail.last?.header.stream)
            let late = EventQuery(streams: [stream], direction: .backwards)
            #expect(try log.writer.reader.all(late) == late.answer(from: log.events))
            let head = log.events.prefix(Int(sealed.rawValue)).map(\.header.wallTime).max()
            let times = (try #require(head) + 1)...Int64.max
            for direction in [EventQuery.Direction.forwards, .backwards] {
                let query = EventQuery(wallTimes: times, direction: direction)
                #expect(try log.writer.reader.all(query) == query.answer(from: log.events))
            }
            #expect(refusal { _ = try log.writer.reader.all() } != nil)
        }
    }

    /// Payloads lie by kind: those of another kind, here damaged, are not looked at.
    @Test func blocksWithoutAMatchAreNotDecompressed() throws {
        var generator = Seed(for: "blocksWithoutAMatchAreNotDecompressed").generator()
        try withTemporaryDirectory { path in
            let log = try Log("\(path)/ledger", frames: 60, &generator)
            try log.writer.seal()
            let (piece, offset) = try log.writer.reader.withSnapshot(.first) {
                snapshot throws(Corruption) in
                guard let segment = try snapshot.segment(holding: .first),
                    let last = segment.range(of: .payload).last
                else { throw .segment(.directory) }
                let entry = segment.entries[last]
                return (segment.header.directoryPieces + 1 + entry.piece, entry.offset)
            }
            try damage(log.writer, piece: UInt32(piece), at: offset)
            // 900 is the highest kind, so the last block is its.
            let rare = EventQuery(kinds: [EventKind(rawValue: 900)])
            #expect(refusal { _ = try log.writer.reader.all(rare) } != nil)
            let others = EventQuery(kinds: Set((1...4).map { EventKind(rawValue: $0) }))
            #expect(try log.writer.reader.all(others) == others.answer(from: log.events))
        }
    }

    /// A frame of another ledger, sound in itself, does not fit its neighbours.
    @Test(arguments: [EventQuery.Direction.forwards, .backwards])
    func aForeignFrameIsNoticed(direction: EventQuery.Direction) throws {
        try withTemporaryDirectory { path in
            let own = try LedgerWriter.open("\(path)/own")
            let other = try LedgerWriter.open("\(path)/other")
            for writer in [own, other] { for _ in 0..<3 { try writer.appendAndWait(batch(2)) } }
            let key = FrameLayout.key(Position(rawValue: 3))
            let foreign = try other.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
                try snapshot.frames().value(of: key.span.bytes)?.array ?? []
            }
            try own.performAndWait { transaction throws(DatabaseError) in
                try transaction.put(key, foreign, in: transaction.open(LedgerFormat.framesName))
            }
            let start = Position(rawValue: direction == .forwards ? 1 : 6)
            #expect(
                refusal { _ = try own.reader.all(EventQuery(direction: direction)) }
                    == .corrupt(position: start, .previousLink))
        }
    }

    /// Flips a bit of a piece of the first segment.
    private func damage(_ writer: LedgerWriter, piece: UInt32, at offset: Int) throws {
        let key = SegmentLayout.key(.first, piece: piece)
        var bytes = try writer.reader.withSnapshot(.first) { snapshot throws(Corruption) in
            let segments = try snapshot.database(LedgerFormat.segmentsName)
            return try segments?.piece(piece, of: .first)?.array ?? []
        }
        bytes[offset] ^= 1
        try writer.performAndWait { [bytes] transaction throws(DatabaseError) in
            try transaction.put(key, bytes, in: transaction.open(LedgerFormat.segmentsName))
        }
    }
}
