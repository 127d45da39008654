import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Ledger

extension LedgerWriter {
    /// Appends from a thread that may block.
    func appendAndWait(_ batch: EventBatch, under conditions: AppendConditions) throws
        -> AppendOutcome
    {
        let done = DispatchSemaphore(value: 0)
        let result = Mutex<Result<AppendOutcome, LedgerError>?>(nil)
        append(batch, under: conditions) { answer in
            result.withLock { $0 = answer }
            done.signal()
        }
        done.wait()
        return try result.withLock { $0! }.get()
    }
}

@Suite struct AppendConditionsTests {
    private func stamped(_ producer: UInt64, _ sequence: UInt64) -> AppendConditions {
        AppendConditions(
            stamp: ProducerStamp(producer: ProducerID(rawValue: producer), sequence: sequence))
    }

    private func expecting(_ stream: UInt64, _ revision: ExpectedRevision) -> AppendConditions {
        AppendConditions(expecting: [StreamExpectation(StreamID(rawValue: stream), revision)])
    }

    private func receipt(_ first: UInt64, _ last: UInt64) -> AppendOutcome {
        .appended(
            AppendReceipt(first: Position(rawValue: first), last: Position(rawValue: last)))
    }

    @Test func aStreamsRevisionIsTheExpectedOne() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let stream = StreamID(rawValue: 7)
            let absent = AppendOutcome.wrongRevision(stream, actual: .zero)
            let two = AppendOutcome.wrongRevision(stream, actual: Position(rawValue: 2))
            func append(_ revision: ExpectedRevision) throws -> AppendOutcome {
                try writer.appendAndWait(batch(2), under: expecting(7, revision))
            }
            #expect(try append(.streamExists) == absent)
            #expect(try append(.exactly(.first)) == absent)
            #expect(try append(.noStream) == receipt(1, 2))
            #expect(try append(.noStream) == two)
            #expect(try append(.exactly(.first)) == two)
            #expect(try append(.exactly(Position(rawValue: 2))) == receipt(3, 4))
            #expect(try append(.streamExists) == receipt(5, 6))
            #expect(try append(.any) == receipt(7, 8))
            #expect(writer.head.position.rawValue == 8)
        }
    }

    @Test func oneUnmetExpectationRefusesTheWholeBatch() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            try writer.appendAndWait(batch(1, stream: 1))
            var both = batch(1, stream: 1)
            both.append(header(2, stream: 2), payload: [])
            let conditions = AppendConditions(expecting: [
                StreamExpectation(StreamID(rawValue: 1), .exactly(.first)),
                StreamExpectation(StreamID(rawValue: 2), .streamExists),
            ])
            #expect(
                try writer.appendAndWait(both, under: conditions)
                    == .wrongRevision(StreamID(rawValue: 2), actual: .zero))
            #expect(writer.head.position == .first)
        }
    }

    /// Batches that queue behind each other share a frame: the later one sees the earlier.
    @Test func aFrameSeesItsOwnBatches() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let gate = DispatchSemaphore(value: 0)
            writer.append(batch(1, stream: 1)) { _ in gate.wait() }
            let answers = Mutex<[AppendOutcome?]>([])
            let attempts: [(UInt64, AppendConditions)] = [
                (2, AppendConditions()), (2, expecting(2, .noStream)), (3, stamped(5, 1)),
                (3, stamped(5, 1)), (2, expecting(2, .streamExists)),
            ]
            for (stream, conditions) in attempts {
                writer.append(batch(1, stream: stream), under: conditions) { answer in
                    answers.withLock { $0.append(try? answer.get()) }
                }
            }
            gate.signal()
            writer.close()
            let found = answers.withLock { Set($0) }
            #expect(
                found == [
                    receipt(2, 2), .duplicate(first: Position(rawValue: 3)), receipt(3, 3),
                    receipt(4, 4),
                    .wrongRevision(StreamID(rawValue: 2), actual: Position(rawValue: 2)),
                ])
        }
    }

    @Test func aRepeatIsADuplicateWithinTheWindowAndExpiredBeyond() throws {
        try withTemporaryDirectory { path in
            let count = UInt64(LedgerLimits.producerWindowMax) + 1
            for reopening in 0..<2 {
                let writer = try LedgerWriter.open("\(path)/ledger")
                defer { writer.close() }
                if reopening == 0 {
                    for sequence in 1...count {
                        let outcome = try writer.appendAndWait(
                            batch(1), under: stamped(3, sequence))
                        #expect(outcome == receipt(sequence, sequence))
                    }
                }
                #expect(try writer.appendAndWait(batch(1), under: stamped(3, 1)) == .expired)
                for sequence in 2...count {
                    #expect(
                        try writer.appendAndWait(batch(1), under: stamped(3, sequence))
                            == .duplicate(first: Position(rawValue: sequence)))
                }
                #expect(writer.head.position.rawValue == count)
                #expect(try writer.reader.verify().faults == [])
            }
        }
    }

    /// What a model remembers of everything that was appended.
    private struct Model {
        var head: UInt64 = 0
        var revisions: [UInt64: UInt64] = [:]
        var firsts: [UInt64: [UInt64: UInt64]] = [:]

        mutating func outcome(
            of batch: EventBatch, _ conditions: AppendConditions
        ) -> AppendOutcome {
            if let stamp = conditions.stamp {
                let known = firsts[stamp.producer.rawValue] ?? [:]
                if let first = known[stamp.sequence] {
                    return .duplicate(first: Position(rawValue: first))
                }
            }
            for expected in conditions.expectations {
                let actual = Position(rawValue: revisions[expected.stream.rawValue] ?? 0)
                if !expected.revision.admits(actual) {
                    return .wrongRevision(expected.stream, actual: actual)
                }
            }
            let first = head + 1
            for entry in batch.entries {
                head += 1
                revisions[entry.header.stream.rawValue] = head
            }
            if let stamp = conditions.stamp {
                firsts[stamp.producer.rawValue, default: [:]][stamp.sequence] = first
            }
            return .appended(
                AppendReceipt(
                    first: Position(rawValue: first), last: Position(rawValue: head)))
        }
    }

    private func conditions(_ generator: inout SeededGenerator, _ model: Model)
        -> AppendConditions
    {
        var conditions = AppendConditions()
        if Bool.random(using: &generator) {
            conditions.stamp = ProducerStamp(
                producer: ProducerID(rawValue: UInt64.random(in: 1...3, using: &generator)),
                sequence: UInt64.random(in: 1...40, using: &generator))
        }
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            let stream = UInt64.random(in: 0...5, using: &generator)
            let revisions: [ExpectedRevision] = [
                .any, .noStream, .streamExists, .exactly(.first),
                .exactly(Position(rawValue: model.revisions[stream] ?? 0)),
            ]
            conditions.expectations.append(
                StreamExpectation(
                    StreamID(rawValue: stream), revisions.randomElement(using: &generator)!))
        }
        return conditions
    }

    @Test func randomAppendsAnswerAsTheModelDoes() throws {
        let seed = Seed(for: "randomAppendsAnswerAsTheModelDoes")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            var model = Model()
            for _ in 0..<6 {
                let writer = try LedgerWriter.open("\(path)/ledger")
                defer { writer.close() }
                for _ in 0..<60 {
                    let batch = randomBatch(&generator)
                    let conditions = conditions(&generator, model)
                    let expected = model.outcome(of: batch, conditions)
                    #expect(
                        try writer.appendAndWait(batch, under: conditions) == expected, "\(seed)")
                }
                #expect(writer.head.position.rawValue == model.head)
                #expect(try writer.reader.verify().faults == [])
            }
        }
    }
}
