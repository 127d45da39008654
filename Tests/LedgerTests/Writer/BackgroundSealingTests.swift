import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite struct BackgroundSealingTests {
    /// What was told, from any thread.
    private final class Notices: Sendable {
        private let told = Mutex<[SealingNotice]>([])

        var all: [SealingNotice] { told.withLock { $0 } }

        func add(_ notice: SealingNotice) { told.withLock { $0.append(notice) } }
    }

    private func open(
        _ path: String, _ policy: SealingPolicy, _ notices: Notices = Notices()
    ) throws -> LedgerWriter {
        try LedgerWriter.open(
            path, options: LedgerOptions(mapBytes: 1 << 30, sealing: policy),
            onSealing: { notices.add($0) })
    }

    private func sealedThrough(_ reader: LedgerReader) throws -> UInt64 {
        try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            try snapshot.sealedThrough().rawValue
        }
    }

    @Test func theRestIsSealedBehindTheHead() async throws {
        try await withTemporaryDirectory { path in
            let notices = Notices()
            let policy = SealingPolicy(
                keptEvents: 20, segmentEvents: 50, ageNanoseconds: .max)
            let writer = try open("\(path)/ledger", policy, notices)
            for _ in 0..<30 { _ = try await writer.append(batch(10)) }
            try await eventually("sealed") { try sealedThrough(writer.reader) > 230 }
            #expect(try sealedThrough(writer.reader) <= 280)
            let sealed = try sealedThrough(writer.reader)
            writer.close()
            #expect(notices.all.last == .sealed(through: Position(rawValue: sealed)))
            #expect(try writer.reader.all().map(\.position.rawValue) == Array(1...300))
            #expect(try LedgerReader.open("\(path)/ledger").verify().isSound)
        }
    }

    @Test func oldFramesAreSealedHoweverFew() async throws {
        try await withTemporaryDirectory { path in
            // The fixture's events are of 1969.
            let writer = try open("\(path)/ledger", SealingPolicy())
            for _ in 0..<3 { _ = try await writer.append(batch(2)) }
            try await eventually("sealed") { try sealedThrough(writer.reader) == 4 }
        }
    }

    @Test func nothingIsSealedUnasked() async throws {
        try await withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<3 { _ = try await writer.append(batch(2)) }
            writer.close()
            #expect(try sealedThrough(writer.reader) == 0)
        }
    }

    /// Wherever sealing is, closing ends it, and the next opening finds everything.
    @Test func closingEndsIt() async throws {
        let seed = Seed(for: "closingEndsIt")
        var generator = seed.generator()
        try await withTemporaryDirectory { path in
            var count: UInt64 = 0
            for round in 0..<12 {
                let policy = SealingPolicy(keptEvents: 0, segmentEvents: 1)
                let writer = try open("\(path)/ledger", policy)
                let batches = Int.random(in: 1...20, using: &generator)
                for _ in 0..<batches { _ = try await writer.append(batch(5)) }
                count += UInt64(5 * batches)
                if round % 3 == 0 {
                    // Inside a completion, where nothing may be waited for.
                    writer.append(batch(5)) { _ in writer.close() }
                    count += 5
                    try await eventually("closed") { writer.head.position.rawValue == count }
                }
                writer.close()
                #expect(try writer.reader.head().position.rawValue == count, "\(seed)")
                try await eventually("given back") {
                    refusal { try LedgerWriter.open("\(path)/ledger").close() } == nil
                }
                #expect(try LedgerReader.open("\(path)/ledger").verify().isSound, "\(seed)")
            }
        }
    }

    /// A sealing that answers `refusal` as long as there is one.
    private func refusedSealing(
        _ writer: LedgerWriter, _ notices: Notices, refusals: Int
    ) -> BackgroundSealing {
        let left = Atomic(refusals)
        let sealer = Sealer(writer.reader) { byteCount, body throws(LedgerError) in
            if left.subtract(1, ordering: .relaxed).oldValue > 0 { throw .diskFull("here") }
            try writer.jobs.performAndWait(byteCount: byteCount, body)
        }
        let policy = SealingPolicy(keptEvents: 0, segmentEvents: 1)
        return BackgroundSealing(policy, sealer) { notices.add($0) }
    }

    @Test func aFullDiskIsSaidAndWaitedFor() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<3 { try writer.appendAndWait(batch(2)) }
            let notices = Notices()
            let sealing = refusedSealing(writer, notices, refusals: 11)
            var refusals = 0
            var pauses: [UInt64] = []
            for _ in 0..<11 {
                guard case .look(let pause) = sealing.look(now: 0, &refusals) else { break }
                pauses.append(pause / 1_000_000_000)
            }
            #expect(pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
            #expect(
                notices.all
                    == pauses.map {
                        .postponed(.diskFull("here"), nanoseconds: $0 * 1_000_000_000)
                    })
            #expect(sealing.look(now: 0, &refusals) == .look(afterNanoseconds: 0))
            #expect(notices.all.last == .sealed(through: Position(rawValue: 4)))
            #expect(refusals == 0)
            #expect(
                sealing.look(now: 0, &refusals)
                    == .look(afterNanoseconds: LedgerLimits.sealingLookNanoseconds))
            #expect(try writer.reader.verify().isSound)
        }
    }

    @Test func damageEndsIt() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<3 { try writer.appendAndWait(batch(2)) }
            let key = FrameLayout.key(Position(rawValue: 3))
            var bytes = try writer.reader.withSnapshot(.zero) { snapshot throws(Corruption) in
                try snapshot.frames().value(of: key.span.bytes)?.array ?? []
            }
            bytes[bytes.count - 1] ^= 1
            try writer.performAndWait { [bytes] transaction throws(DatabaseError) in
                try transaction.put(key, bytes, in: transaction.open(LedgerFormat.framesName))
            }
            let notices = Notices()
            let sealing = refusedSealing(writer, notices, refusals: 0)
            var refusals = 0
            #expect(sealing.look(now: 0, &refusals) == .end)
            #expect(notices.all.count == 1)
            guard case .ended(let error) = notices.all.last,
                case .corrupt(let position, _) = error.code
            else {
                Issue.record("\(notices.all)")
                return
            }
            #expect(position == Position(rawValue: 1))
            #expect(try sealedThrough(writer.reader) == 0)
        }
    }

    @Test func aStoppedSealingStopsOnTheWay() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            for _ in 0..<3 { try writer.appendAndWait(batch(2)) }
            let notices = Notices()
            let sealing = refusedSealing(writer, notices, refusals: 0)
            sealing.askToStop()
            var refusals = 0
            #expect(sealing.look(now: 0, &refusals) == .end)
            #expect(notices.all == [])
        }
    }

    /// Appends, repeats, checkpoints and reads beside a sealing that never rests.
    @Test func everythingElseGoesOn() async throws {
        let seed = Seed(for: "BackgroundSealing.everythingElseGoesOn")
        var generator = seed.generator()
        try await withTemporaryDirectory { path in
            let notices = Notices()
            let policy = SealingPolicy(keptEvents: 3, segmentEvents: 2)
            let writer = try open("\(path)/ledger", policy, notices)
            let key = try writer.signingKey()
            var events: [EventHeader] = []
            var firsts: [Position] = []
            for round in 0..<250 {
                let repeated = firsts.indices.suffix(100).randomElement(using: &generator)
                if round % 3 == 0, let repeated {
                    let conditions = Self.stamped(repeated)
                    let outcome = try await writer.append(batch(1), under: conditions)
                    #expect(outcome == .duplicate(first: firsts[repeated]), "\(seed)")
                    continue
                }
                let next = randomBatch(&generator)
                firsts.append(Position(rawValue: UInt64(events.count) + 1))
                events += next.entries.map(\.header)
                let outcome = try await writer.append(next, under: Self.stamped(firsts.count - 1))
                guard case .appended(let receipt) = outcome else {
                    Issue.record("\(outcome), \(seed)")
                    return
                }
                #expect(receipt.first == firsts.last, "\(seed)")
                if round % 50 == 0 { _ = try writer.checkpoint(with: key) }
                let stream = StreamID(rawValue: UInt64.random(in: 0...3, using: &generator))
                let found = try writer.reader.all(EventQuery(streams: [stream]))
                #expect(found.map(\.header) == events.filter { $0.stream == stream }, "\(seed)")
            }
            try await eventually("sealed") {
                try sealedThrough(writer.reader) + 30 > UInt64(events.count)
            }
            let head = try writer.checkpoint(with: key)
            #expect(try writer.reader.verify().isSound)
            for _ in 0..<20 {
                let position = Position(
                    rawValue: .random(in: 1...head.checkpoint.size, using: &generator))
                let proof = try writer.reader.proof(of: position)
                #expect(proof.verdict(trusting: key.verifier) == .proves, "\(seed)")
            }
            writer.close()
            #expect(
                notices.all.allSatisfy { if case .sealed = $0 { true } else { false } },
                "\(notices.all)")
            #expect(try LedgerReader.open("\(path)/ledger").all().map(\.header) == events)
        }
    }

    private static func stamped(_ index: Int) -> AppendConditions {
        AppendConditions(
            stamp: ProducerStamp(
                producer: ProducerID(rawValue: 5), sequence: UInt64(index) + 1))
    }
}
