import Foundation
import TestSupport
import Testing

@testable import Ledger

/// All that a reader can ask of a ledger.
private struct Answers: Equatable {
    var head: LedgerHead
    var events: [Event]
    var streams: [[UInt64]] = []
    var links: [Link?]
    var root: MerkleHash?

    init(_ reader: LedgerReader) throws {
        head = try reader.head()
        events = try reader.all()
        #expect(try reader.all(EventQuery(direction: .backwards)) == events.reversed())
        links = try (0...head.position.rawValue).map {
            try reader.link(at: Position(rawValue: $0))
        }
        for stream in UInt64(0)...5 {
            var found: [UInt64] = []
            try reader.read(stream: StreamID(rawValue: stream)) { event in
                found.append(event.position.rawValue)
                return .next
            }
            streams.append(found)
        }
        let report = try reader.verify()
        #expect(report.faults == [])
        #expect(report.events == head.position.rawValue)
        #expect(report.head == head)
        root = report.root
    }
}

@Suite struct SealerTests {
    private func makeLedger(
        _ path: String, frames: Int = 40, _ generator: inout SeededGenerator
    ) throws -> LedgerWriter {
        for _ in 0..<2 {
            let writer = try LedgerWriter.open(path)
            for _ in 0..<frames / 2 { try writer.appendAndWait(randomBatch(&generator)) }
            writer.close()
        }
        return try LedgerWriter.open(path)
    }

    private func frameCount(_ reader: LedgerReader) throws -> UInt64 {
        try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            try snapshot.frames().record.entries
        }
    }

    @Test func whatIsReadStaysTheSame() throws {
        let seed = Seed(for: "whatIsReadStaysTheSame")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            var writer = try makeLedger("\(path)/ledger", &generator)
            let before = try Answers(writer.reader)
            let last = before.head.position.rawValue
            var sealed = Position.zero
            for _ in 0..<4 {
                let limit = Position(rawValue: .random(in: 1...last, using: &generator))
                sealed = max(sealed, try writer.seal(through: limit))
                #expect(try Answers(writer.reader) == before, "\(seed)")
                let from = Int.random(in: 1...Int(last), using: &generator)
                let through = Int.random(in: from...Int(last), using: &generator)
                let part = try writer.reader.all(
                    from: Position(rawValue: UInt64(from)),
                    through: Position(rawValue: UInt64(through)))
                #expect(part == Array(before.events[from - 1..<through]), "\(seed)")
            }
            sealed = try writer.seal()
            #expect(try frameCount(writer.reader) == 1)
            #expect(try writer.seal() == sealed)
            #expect(sealed < before.head.position)
            #expect(try Answers(writer.reader) == before, "\(seed)")
            writer.close()
            writer = try LedgerWriter.open("\(path)/ledger")
            #expect(try Answers(writer.reader) == before, "\(seed)")
            try writer.appendAndWait(batch(3))
            try writer.appendAndWait(batch(3))
            #expect(try writer.seal() == Position(rawValue: last + 3))
            #expect(try Answers(writer.reader).events.prefix(Int(last)) == before.events[...])
        }
    }

    @Test func anEmptyLedgerAndASingleFrameStayAsTheyAre() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            #expect(try writer.seal() == .zero)
            try writer.appendAndWait(batch(3))
            #expect(try writer.seal() == .zero)
            #expect(try frameCount(writer.reader) == 1)
        }
    }

    /// More than one segment at once, since one holds 65,536 events at most.
    @Test func aLongLogBecomesSeveralSegments() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let key = try writer.signingKey()
            for frame in 0..<160 {
                try writer.appendAndWait(batch(1_000, stream: UInt64(frame % 5)))
                if frame == 70 { _ = try writer.checkpoint(with: key) }
            }
            let before = try writer.reader.verify()
            #expect(try writer.seal() == Position(rawValue: 159_000))
            let firsts = try writer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
                Stretch.all(snapshot, from: .first).map(\.first.rawValue)
            }
            #expect(firsts == [1, 65_001, 130_001, 159_001])
            let after = try writer.reader.verify()
            #expect(after.faults == [])
            #expect(after.root == before.root)
            #expect(after.frames == 160)
            #expect(try writer.reader.verify(.sinceCheckpoint).start.rawValue == 71_000)
            _ = try writer.checkpoint(with: key)
            #expect(try writer.reader.verify().isSound)
            for position in [1, 65_000, 65_001, 130_500, 159_000, 159_001, 160_000] as [UInt64] {
                let proof = try writer.reader.proof(of: Position(rawValue: position))
                #expect(proof.verdict(trusting: key.verifier) == .proves, "\(position)")
            }
            _ = try writer.reader.continuation(from: 70_123)
        }
    }

    @Test(arguments: 0...4)
    func aSealingCutShortLosesAndDoublesNothing(steps: Int) throws {
        let seed = Seed(for: "aSealingCutShortLosesAndDoublesNothing \(steps)")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            var writer = try makeLedger("\(path)/ledger", &generator)
            let before = try Answers(writer.reader)
            let middle = Position(rawValue: before.head.position.rawValue / 2)
            let kept = try writer.seal(through: middle)
            let sealer = writer.sealer
            let draft = try #require(try sealer.draft(through: Position(rawValue: .max)))
            if steps == 1 {
                // Some of the pieces only.
                try writer.performAndWait { transaction throws(DatabaseError) in
                    let segments = try transaction.open(LedgerFormat.segmentsName)
                    let key = SegmentLayout.key(draft.segment.first, piece: 1)
                    try transaction.put(key, draft.segment.pieces[0], in: segments)
                }
            }
            if steps >= 2 { try sealer.store(draft) }
            if steps >= 3 { try sealer.audit(draft) }
            if steps >= 4 { try sealer.publish(draft) }
            #expect(try Answers(writer.reader) == before, "\(seed)")
            writer.close()
            #expect(try Answers(LedgerReader.open("\(path)/ledger")) == before, "\(seed)")
            writer = try LedgerWriter.open("\(path)/ledger")
            let leftovers = try writer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
                try snapshot.unsealedPieces()
            }
            #expect(leftovers == [])
            let sealed = try writer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
                try snapshot.sealedThrough()
            }
            #expect(sealed == (steps == 4 ? draft.segment.last : kept))
            #expect(try writer.seal() == draft.segment.last)
            #expect(try Answers(writer.reader) == before, "\(seed)")
        }
    }

    @Test func aFrameThatIsGoneUndoesThePublication() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<4 { try writer.appendAndWait(batch(3)) }
            let draft = try #require(try writer.sealer.draft(through: Position(rawValue: .max)))
            try writer.seal()
            let before = try Answers(writer.reader)
            // MDB_NOTFOUND
            #expect(refusal { try writer.sealer.publish(draft) } == .database(code: -30_798))
            #expect(refusal { try writer.sealer.audit(draft) } != nil)
            #expect(try Answers(writer.reader) == before)
        }
    }

    @Test func damageIsNeverSealed() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<4 { try writer.appendAndWait(batch(3)) }
            let sealer = writer.sealer
            let draft = try #require(try sealer.draft(through: Position(rawValue: .max)))
            try sealer.store(draft)
            var piece = draft.segment.pieces[draft.segment.pieces.count - 1]
            piece[piece.count / 2] ^= 1
            let key = SegmentLayout.key(
                draft.segment.first, piece: UInt32(draft.segment.pieces.count))
            try writer.performAndWait { [piece] transaction throws(DatabaseError) in
                try transaction.put(
                    key, piece, in: transaction.open(LedgerFormat.segmentsName))
            }
            #expect(refusal { try sealer.audit(draft) } != nil)
            #expect(try frameCount(writer.reader) == 4)
            #expect(try writer.seal() == Position(rawValue: 9))
            #expect(try writer.reader.verify().isSound)
        }
    }

    @Test func followersGoFromSegmentsToTheTail() async throws {
        try await withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let total: UInt64 = 400
            let reader = writer.reader
            async let followed = withCheckedThrowingContinuation {
                (waiting: CheckedContinuation<[UInt64], any Error>) in
                Thread.detachNewThread {
                    waiting.resume(
                        with: Result {
                            var seen: [UInt64] = []
                            try reader.follow(from: .first, until: { false }) { event in
                                seen.append(event.position.rawValue)
                                return event.position.rawValue == total ? .stop : .next
                            }
                            return seen
                        })
                }
            }
            for round in 0..<200 {
                _ = try await writer.append(batch(2))
                if round % 20 == 19 { try writer.seal() }
                if round % 50 == 49 { #expect(try reader.verify().isSound) }
            }
            #expect(try await followed == Array(1...total))
        }
    }

    /// What is known of producers and streams outlives the frames that told it.
    @Test func producersAndRevisionsSurvive() throws {
        func stamped(_ sequence: UInt64) -> AppendConditions {
            AppendConditions(
                stamp: ProducerStamp(producer: ProducerID(rawValue: 5), sequence: sequence))
        }
        try withTemporaryDirectory { path in
            var writer = try LedgerWriter.open("\(path)/ledger")
            for sequence in UInt64(1)...6 {
                _ = try writer.appendAndWait(
                    batch(2, stream: sequence), under: stamped(sequence))
            }
            for _ in 0..<2 {
                #expect(try writer.seal() == Position(rawValue: 10))
                for sequence in UInt64(1)...6 {
                    let repeated = try writer.appendAndWait(batch(2), under: stamped(sequence))
                    #expect(
                        repeated == .duplicate(first: Position(rawValue: 2 * sequence - 1)))
                    let stream = StreamID(rawValue: sequence)
                    let expected = AppendConditions(
                        expecting: [StreamExpectation(stream, .noStream)])
                    let outcome = try writer.appendAndWait(batch(1), under: expected)
                    #expect(
                        outcome
                            == .wrongRevision(stream, actual: Position(rawValue: 2 * sequence)))
                }
                writer.close()
                writer = try LedgerWriter.open("\(path)/ledger")
            }
            #expect(try writer.reader.verify().isSound)
        }
    }

    @Test func everyFlippedBitOfASealedPieceIsNamed() throws {
        let seed = Seed(for: "everyFlippedBitOfASealedPieceIsNamed")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            let middle = Position(rawValue: writer.head.position.rawValue / 2)
            try writer.seal(through: middle)
            let draft = try #require(
                try writer.sealer.draft(through: Position(rawValue: .max))
            ).segment
            try writer.seal()
            let sound = try Answers(writer.reader)
            let pieces = [draft.head] + draft.pieces
            for _ in 0..<120 {
                let number = Int.random(in: pieces.indices, using: &generator)
                var piece = pieces[number]
                let offset = Int.random(in: piece.indices, using: &generator)
                piece[offset] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                try put(piece, number, of: draft.first, writer)
                let report = try writer.reader.verify()
                let isNamed = report.faults.allSatisfy {
                    (draft.first...draft.last).contains($0.position)
                }
                #expect(
                    report.faults.count == 1 && isNamed,
                    "piece \(number) byte \(offset), \(report.faults), \(seed)")
                #expect(report.root == nil)
                try put(pieces[number], number, of: draft.first, writer)
            }
            #expect(try Answers(writer.reader) == sound)
        }
    }

    private func put(
        _ piece: [UInt8], _ number: Int, of first: Position, _ writer: LedgerWriter
    ) throws {
        try writer.performAndWait { transaction throws(DatabaseError) in
            try transaction.put(
                SegmentLayout.key(first, piece: UInt32(number)), piece,
                in: transaction.open(LedgerFormat.segmentsName))
        }
    }

    /// Anywhere in the file: named, or without effect on any answer.
    @Test func everyFlippedBitIsNamedOrChangesNothing() throws {
        let seed = Seed(for: "SealerTests.everyFlippedBitIsNamedOrChangesNothing")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let ledger = "\(path)/ledger"
            let writer = try makeLedger(ledger, &generator)
            try writer.seal(through: Position(rawValue: writer.head.position.rawValue / 3))
            try writer.seal(through: Position(rawValue: writer.head.position.rawValue * 2 / 3))
            let sound = try Answers(writer.reader)
            writer.close()
            let file = try #require(FileHandle(forUpdatingAtPath: "\(ledger)/log/data.mdb"))
            let data = try #require(try file.readToEnd())
            var named = 0
            for round in 0..<500 {
                // Every other one in what pages begin with: header and index.
                let page = Int.random(in: 0..<data.count / 4_096, using: &generator) * 4_096
                let reach = round % 2 == 0 ? 4_096 : 64
                let offset = page + Int.random(in: 0..<reach, using: &generator)
                let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
                try file.seek(toOffset: UInt64(offset))
                try file.write(contentsOf: Data([data[offset] ^ bit]))
                let report = try? LedgerReader.open(ledger).verify()
                if report?.isSound == true {
                    #expect(
                        try Answers(LedgerReader.open(ledger)) == sound,
                        "byte \(offset) bit \(bit), \(seed)")
                } else {
                    named += 1
                    _ = try? LedgerReader.open(ledger).all()
                }
                try file.seek(toOffset: UInt64(offset))
                try file.write(contentsOf: Data([data[offset]]))
            }
            #expect(named > 50)
            #expect(try Answers(LedgerReader.open(ledger)) == sound)
        }
    }
}
