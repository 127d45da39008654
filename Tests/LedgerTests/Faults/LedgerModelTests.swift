import Foundation
import TestSupport
import Testing

@testable import Ledger
@testable import LedgerWorkload

/// A ledger beside a list in memory: whatever is done to both, in whatever order, they agree.
///
/// `TRUNKLEDGER_MODEL_STEPS=N` takes N steps a run instead of a hundred.
@Suite struct LedgerModelTests {
    private static let steps =
        ProcessInfo.processInfo.environment["TRUNKLEDGER_MODEL_STEPS"].flatMap { Int($0) } ?? 100

    /// What can be done next. More of what happens more often.
    private enum Action: CaseIterable {
        case append, appendMany, read, query, links, verify, reopen, crash, seal
        case backUp, restore, compact, archive, export

        static let weighted: [Action] =
            Array(repeating: .append, count: 8) + Array(repeating: .read, count: 3)
            + [
                .appendMany, .appendMany, .query, .query, .links, .verify, .reopen,
                .crash, .seal, .seal, .backUp, .backUp, .restore, .compact, .archive,
                .export,
            ]
    }

    /// The ledger under test and what must be in it.
    private struct Run {
        let directory: String
        let seed: UInt64
        var generator: SeededGenerator
        var generation = 0
        var writer: LedgerWriter
        var sealsByItself = false
        var events: [Event] = []
        /// The chain value at each end of a frame that is known.
        var links: [UInt64: Link] = [:]
        var nextBatch: UInt32 = 0
        /// A ledger that was restored to an earlier state needs a backup of its own.
        var backup = 0

        init(_ directory: String, _ seed: UInt64) throws {
            self.directory = directory
            self.seed = seed
            generator = SeededGenerator(seed: seed)
            writer = try LedgerWriter.open("\(directory)/0", options: LedgerWorkload.options)
        }

        private var path: String { "\(directory)/\(generation)" }

        /// Sealed in the background too, or only when the model says so.
        private mutating func open() throws -> LedgerWriter {
            sealsByItself = Bool.random(using: &generator)
            return try LedgerWriter.open(
                path,
                options: sealsByItself ? LedgerWorkload.sealingOptions() : LedgerWorkload.options)
        }

        mutating func step() throws {
            switch Action.weighted.randomElement(using: &generator) ?? .append {
            case .append: try append()
            case .appendMany: try appendMany()
            case .read: try read()
            case .query: try query()
            case .links: try checkLinks()
            case .verify: try verify()
            case .reopen: try reopen()
            case .crash: try crash()
            case .seal: try seal()
            case .backUp: try backUp()
            case .restore: try restore()
            case .compact: try compact()
            case .archive: try archive()
            case .export: try export()
            }
        }

        private mutating func nextEvents() -> EventBatch {
            let batch = WorkloadBatch(seed: seed, producer: 0, number: nextBatch)
            nextBatch += 1
            for event in batch.events {
                events.append(
                    Event(
                        position: Position(rawValue: UInt64(events.count) + 1),
                        header: event.header, bootID: writer.bootID, payload: event.payload))
            }
            return batch.batch
        }

        private mutating func append() throws {
            let receipt = try writer.appendAndWait(nextEvents())
            #expect(receipt.last.rawValue == UInt64(events.count))
            links[receipt.last.rawValue] = writer.head.link
        }

        /// Several batches that may share a frame.
        private mutating func appendMany() throws {
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                writer.append(nextEvents()) { _ in }
            }
            try append()
        }

        private mutating func read() throws {
            let end = UInt64(events.count) + 3
            let from = UInt64.random(in: 1...end, using: &generator)
            let through = UInt64.random(in: from...end, using: &generator)
            let found = try writer.reader.all(
                from: Position(rawValue: from), through: Position(rawValue: through))
            #expect(found == events.filter { (from...through).contains($0.position.rawValue) })
        }

        private mutating func query() throws {
            let query = EventQuery.random(over: events, &generator)
            #expect(try writer.reader.all(query) == query.answer(from: events), "\(query)")
        }

        private func checkLinks() throws {
            for (position, link) in links {
                #expect(try writer.reader.link(at: Position(rawValue: position)) == link)
            }
        }

        private func verify() throws {
            let report = try writer.reader.verify()
            #expect(report.faults == [])
            #expect(report.events == UInt64(events.count))
        }

        private mutating func seal() throws {
            let limit = Position(
                rawValue: UInt64.random(in: 0...UInt64(events.count), using: &generator))
            let sealed = try writer.seal(through: limit)
            // A restored ledger may end with a segment.
            #expect(sealed <= writer.head.position)
        }

        private mutating func reopen() throws {
            let head = writer.head
            writer.close()
            writer = try open()
            #expect(writer.head == head)
        }

        /// Goes on with the files as they are while the writer is still at it.
        private mutating func crash() throws {
            // Files that change while they are copied are no crash's.
            guard !sealsByItself else { return try reopen() }
            let before = path
            generation += 1
            try FileManager.default.copyItem(atPath: before, toPath: path)
            let head = writer.head
            writer.close()
            writer = try open()
            #expect(writer.head == head)
            try FileManager.default.removeItem(atPath: before)
        }

        private func backUp() throws {
            let report = try writer.reader.backUp(to: "\(directory)/backup-\(backup)")
            #expect(report.head == writer.head)
            let reader = try LedgerReader.open("\(directory)/backup-\(backup)")
            #expect(try reader.all() == events)
            #expect(try reader.verify().faults == [])
        }

        /// Goes on with the ledger as it was at some position.
        private mutating func restore() throws {
            let limit = UInt64.random(in: 0...UInt64(events.count), using: &generator)
            let before = path
            generation += 1
            backup += 1
            let head = try writer.reader.restore(
                to: path, through: Position(rawValue: limit)
            ).head
            let ends = links.keys.filter { $0 <= limit }
            #expect(head.position.rawValue >= ends.max() ?? 0)
            #expect(head.position.rawValue <= limit)
            writer.close()
            try FileManager.default.removeItem(atPath: before)
            events.removeLast(events.count - Int(head.position.rawValue))
            links = links.filter { $0.key <= head.position.rawValue }
            writer = try LedgerWriter.open(path, options: LedgerWorkload.options)
            #expect(writer.head == head)
            try verify()
        }

        private mutating func compact() throws {
            let head = writer.head
            writer.close()
            #expect(try LedgerCompaction.compact(path).head == head)
            writer = try LedgerWriter.open(path, options: LedgerWorkload.options)
            #expect(writer.head == head)
        }

        /// Moves some of what is sealed away, and brings it back.
        private mutating func archive() throws {
            if events.isEmpty { return }
            let limit = UInt64.random(in: 0...UInt64(events.count), using: &generator)
            _ = try writer.checkpoint(with: writer.signingKey())
            let report = try writer.archive(
                through: Position(rawValue: limit), to: "\(directory)/archive-\(backup)")
            #expect(report.through.rawValue <= limit)
            try verify()
            #expect(try writer.reader.all() == events)
            #expect(try writer.bringBack().segments == report.segments)
            #expect(try writer.reader.all() == events)
            try verify()
        }

        private func export() throws {
            let copy = "\(directory)/imported"
            let work = LedgerImport(to: copy, mapBytes: LedgerWorkload.options.mapBytes)
            try writer.reader.export { text in
                for line in text.split(separator: UInt8(ascii: "\n")) { try work.add(Array(line)) }
            }
            #expect(try work.finish().head == writer.head)
            let reader = try LedgerReader.open(copy)
            #expect(try reader.all() == events)
            #expect(try reader.verify().faults == [])
            try FileManager.default.removeItem(atPath: copy)
        }

        func finish() throws {
            #expect(try writer.reader.all() == events)
            try checkLinks()
            try verify()
            writer.close()
        }
    }

    @Test func aLedgerAgreesWithAListInMemory() async throws {
        let seed = Seed(for: "aLedgerAgreesWithAListInMemory")
        for round in UInt64(0)..<6 {
            try await withTemporaryDirectory { path in
                var run = try Run(path, seed.value &+ round)
                for _ in 0..<Self.steps {
                    do {
                        try run.step()
                    } catch {
                        Issue.record("\(error), \(seed) and \(round) more")
                        return
                    }
                    await Task.yield()
                }
                try run.finish()
            }
        }
    }
}
