import TestSupport
import Testing

@testable import Ledger

@Suite struct ReplayTests {
    /// Frames and segments in stretches of their own, of odd batches.
    private func makeLedger(
        _ path: String, _ generator: inout SeededGenerator
    ) throws -> LedgerWriter {
        let writer = try LedgerWriter.open(path)
        for part in 0..<4 {
            for _ in 0..<5 { try writer.appendAndWait(oddBatch(&generator)) }
            if part < 3 { try writer.seal() }
        }
        return writer
    }

    private func replayed(
        _ reader: LedgerReader, _ kinds: Set<EventKind>? = nil, from: Position = .first,
        through: Position? = nil
    ) throws -> [Event] {
        var events: [Event] = []
        try reader.replay(kinds, from: from, through: through) { event in
            events.append(Event(event))
            return .next
        }
        return events
    }

    @Test func aReplayEqualsARead() throws {
        let seed = Seed(for: "aReplayEqualsARead")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            let events = try writer.reader.all()
            #expect(try replayed(writer.reader) == events, "\(seed)")
            let last = UInt64(events.count)
            for _ in 0..<20 {
                let from = Position(rawValue: .random(in: 0...last, using: &generator))
                let through = Position(rawValue: .random(in: 1...last + 1, using: &generator))
                let kinds = Set((0...2).map { _ in
                    EventKind(rawValue: .random(in: 0...9, using: &generator))
                })
                let range = events.filter { $0.position >= from && $0.position <= through }
                #expect(
                    try replayed(writer.reader, from: from, through: through) == range, "\(seed)")
                #expect(
                    try replayed(writer.reader, kinds, from: from, through: through)
                        == range.filter { kinds.contains($0.header.kind) }, "\(seed)")
            }
        }
    }

    @Test func stretchesEqualARead() throws {
        let seed = Seed(for: "stretchesEqualARead")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            let events = try writer.reader.all()
            let last = UInt64(events.count)
            for _ in 0..<20 {
                let from = Position(rawValue: .random(in: 0...last, using: &generator))
                let through = Position(rawValue: .random(in: 1...last + 1, using: &generator))
                var stretches: [EventStretch] = []
                try writer.reader.replayStretches(from: from, through: through) { stretch in
                    stretches.append(stretch)
                    return .next
                }
                // All of them are kept: none may have been filled again.
                let range = events.filter { $0.position >= from && $0.position <= through }
                #expect(stretches.flatMap(\.all) == range, "\(seed)")
                for stretch in stretches {
                    #expect(Set(stretch.kinds) == Set(stretch.all.map(\.header.kind)))
                    #expect(stretch.last == stretch.all.last?.position)
                }
            }
            var seen = 0
            try writer.reader.replayStretches { stretch in
                seen += stretch.all.count
                return .stop
            }
            #expect(seen > 0 && seen < events.count, "one stretch of several")
        }
    }

    @Test func theVisitorMayStopOrThrow() throws {
        struct Enough: Error {}
        let seed = Seed(for: "theVisitorMayStopOrThrow")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            var seen: [UInt64] = []
            try writer.reader.replay { event in
                seen.append(event.position.rawValue)
                return seen.count < 3 ? .next : .stop
            }
            #expect(seen == [1, 2, 3])
            #expect(throws: Enough.self) {
                try writer.reader.replay { _ in throw Enough() }
            }
        }
    }

    /// What does not fit into what is copied ahead comes nevertheless, in order.
    @Test func manyLargePayloadsAreReplayed() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let large = [UInt8](repeating: 1, count: LedgerLimits.eventBytesMax - 1)
            for _ in 0..<12 { try writer.appendAndWait(batch(6, payload: large)) }
            var positions: [UInt64] = []
            try writer.reader.replay { event in
                positions.append(event.position.rawValue)
                return .next
            }
            #expect(positions == Array(1...72))
        }
    }

    @Test func anEmptyLedgerHasNothingToReplay() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            #expect(try replayed(writer.reader).isEmpty)
        }
    }

    /// A segment of another history behind one of this.
    @Test func aBrokenChainIsNamed() throws {
        try withTemporaryDirectory { path in
            let ledgers = try ["ledger", "other"].map { try LedgerWriter.open("\(path)/\($0)") }
            for ledger in ledgers {
                for _ in 0..<3 { try ledger.appendAndWait(batch(4)) }
                for end in [4, 8] as [UInt64] { try ledger.seal(through: Position(rawValue: end)) }
            }
            let first = Position(rawValue: 5)
            let pieces = try ledgers[1].reader.withSnapshot(first) { snapshot throws(Corruption) in
                let count = try snapshot.segmentHeader(atOrBefore: first)?.pieceCount ?? 0
                let tree = try snapshot.database(LedgerFormat.segmentsName)
                return try (0...count).map { number throws(Corruption) in
                    try tree?.piece(UInt32(number), of: first)?.array ?? []
                }
            }
            try ledgers[0].performAndWait { transaction throws(DatabaseError) in
                let segments = try transaction.open(LedgerFormat.segmentsName)
                for (number, piece) in pieces.enumerated() {
                    let key = SegmentLayout.key(first, piece: UInt32(number))
                    try transaction.put(key, piece, in: segments)
                }
            }
            let error = #expect(throws: LedgerError.self) { try replayed(ledgers[0].reader) }
            #expect(error?.code == .corrupt(position: first, .previousLink))
        }
    }
}

extension EventStretch {
    fileprivate var all: [Event] {
        var events: [Event] = []
        forEach { event in
            events.append(Event(event))
            return .next
        }
        return events
    }
}
