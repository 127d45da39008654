import TestSupport
import Testing

@testable import Ledger

/// Each limit of an append: what lies at it is recorded, one more is refused by its name.
@Suite struct LedgerLimitsTests {
    /// One event for each of `sizes`, with as many bytes of payload.
    private func batch(payloads sizes: [Int]) -> EventBatch {
        var batch = EventBatch()
        for (index, size) in sizes.enumerated() {
            batch.append(header(UInt64(index)), payload: [UInt8](repeating: 7, count: size))
        }
        return batch
    }

    /// Records `fitting`, and is refused `over`: as an outcome, and as an error.
    private func expect(
        _ limit: AppendLimit, fits fitting: EventBatch, refuses over: EventBatch,
        location: SourceLocation = #_sourceLocation
    ) throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let last = Position(rawValue: UInt64(fitting.count))
            #expect(
                try writer.appendAndWait(over, under: AppendConditions()) == .refused(limit),
                sourceLocation: location)
            #expect(
                refusal { try writer.appendAndWait(over) } == .tooLarge, sourceLocation: location)
            #expect(writer.head.position == .zero, sourceLocation: location)
            let receipt = try writer.appendAndWait(fitting)
            #expect(
                receipt == AppendReceipt(first: .first, last: last), sourceLocation: location)
            let report = try writer.reader.verify()
            #expect(report.faults == [], sourceLocation: location)
            #expect(report.events == last.rawValue, sourceLocation: location)
        }
    }

    @Test func anEventsPayload() throws {
        let most = LedgerLimits.eventBytesMax
        try expect(
            .eventBytes, fits: batch(payloads: [most]), refuses: batch(payloads: [0, most + 1, 0]))
    }

    @Test func aBatchsBytes() throws {
        let most = LedgerLimits.frameBytesMax
        let pieces = Array(
            repeating: LedgerLimits.eventBytesMax, count: most / LedgerLimits.eventBytesMax)
        let full = batch(payloads: pieces + [0])
        #expect(full.byteCount == most)
        try expect(.batchBytes, fits: full, refuses: batch(payloads: pieces + [1]))
    }

    @Test func aBatchsEvents() throws {
        let most = LedgerLimits.frameEventsMax
        let sizes = [Int](repeating: 1, count: most + 1)
        try expect(
            .batchEvents, fits: batch(payloads: sizes.dropLast()), refuses: batch(payloads: sizes))
    }

    @Test func aBatchsExpectations() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let expectations = (0...UInt64(LedgerLimits.expectationsMax)).map {
                StreamExpectation(StreamID(rawValue: $0), .noStream)
            }
            func append(_ expectations: [StreamExpectation]) throws -> AppendOutcome {
                try writer.appendAndWait(
                    batch(payloads: [1]), under: AppendConditions(expecting: expectations))
            }
            #expect(try append(expectations) == .refused(.expectations))
            #expect(writer.head.position == .zero)
            #expect(
                try append(expectations.dropLast())
                    == .appended(AppendReceipt(first: .first, last: .first)))
        }
    }

    /// One producer more is refused for good; those that are known go on, also after a reopening.
    @Test func theProducers() throws {
        try withTemporaryDirectory { path in
            let most = UInt64(LedgerLimits.producersMax)
            func stamped(_ producer: UInt64, _ sequence: UInt64) -> AppendConditions {
                AppendConditions(
                    stamp: ProducerStamp(
                        producer: ProducerID(rawValue: producer), sequence: sequence))
            }
            let event = batch(payloads: [1])
            for opening in UInt64(1)...2 {
                let writer = try LedgerWriter.open("\(path)/ledger")
                defer { writer.close() }
                if opening == 1 {
                    // Not waited for one by one, so that they share frames.
                    for producer in 1..<most {
                        writer.append(event, under: stamped(producer, 1)) { _ in }
                    }
                    #expect(
                        try writer.appendAndWait(event, under: stamped(most, 1))
                            == .appended(
                                AppendReceipt(
                                    first: Position(rawValue: most),
                                    last: Position(rawValue: most))))
                }
                #expect(
                    try writer.appendAndWait(event, under: stamped(most + 1, 1))
                        == .refused(.producers))
                #expect(
                    try writer.appendAndWait(event, under: stamped(most, 1))
                        == .duplicate(first: Position(rawValue: most)))
                let next = Position(rawValue: most + opening)
                #expect(
                    try writer.appendAndWait(event, under: stamped(1, 1 + opening))
                        == .appended(AppendReceipt(first: next, last: next)))
            }
        }
    }

    private func submission(_ batch: EventBatch) -> Submission {
        Submission(
            batch: batch, hashes: BatchHashes(of: batch, bootID: .random()), reserve: false,
            completion: { _ in })
    }

    /// Fills a queue that nobody empties with `filling`, so many times, and then posts `over`:
    /// what that is refused for.
    private func fill(
        _ mailbox: Mailbox, with filling: EventBatch, times: Int, over: EventBatch
    ) -> AppendLimit? {
        let filling = submission(filling)
        for count in 0..<times {
            guard mailbox.post(filling) == nil else {
                Issue.record("refused at \(count) of \(times)")
                return nil
            }
        }
        guard case .full(let limit) = mailbox.post(submission(over)) else { return nil }
        return limit
    }

    @Test func theQueuesBatches() {
        let mailbox = Mailbox()
        let event = batch(payloads: [0])
        for _ in 0..<2 {
            #expect(
                fill(mailbox, with: event, times: LedgerLimits.queueBatchesMax, over: event)
                    == .queueBatches)
            // What the committer took makes room for as much again.
            var taken = Mailbox.Delivery()
            #expect(mailbox.take(into: &taken, until: nil) == .delivered)
            #expect(taken.submissions.count == LedgerLimits.queueBatchesMax)
        }
    }

    @Test func theQueuesEvents() {
        let mailbox = Mailbox()
        let most = LedgerLimits.frameEventsMax
        let full = batch(payloads: [Int](repeating: 0, count: most))
        for _ in 0..<2 {
            #expect(
                fill(
                    mailbox, with: full, times: LedgerLimits.queueEventsMax / most,
                    over: batch(payloads: [0])) == .queueEvents)
            var taken = Mailbox.Delivery()
            #expect(mailbox.take(into: &taken, until: nil) == .delivered)
        }
    }

    @Test func theQueuesBytes() {
        let mailbox = Mailbox()
        let piece = LedgerLimits.eventBytesMax
        let full = batch(payloads: [piece])
        for _ in 0..<2 {
            #expect(
                fill(
                    mailbox, with: full, times: LedgerLimits.queueBytesMax / piece,
                    over: batch(payloads: [1])) == .queueBytes)
            // At the limit, and not over it.
            #expect(mailbox.post(submission(batch(payloads: [0]))) == nil)
            var taken = Mailbox.Delivery()
            #expect(mailbox.take(into: &taken, until: nil) == .delivered)
        }
    }

    /// What an append without an outcome is told: the limit's number, and what it counts.
    @Test func everyLimitIsNamedInItsError() {
        for limit in AppendLimit.allCases {
            let error = limit.error(at: "ledger")
            switch limit {
            case .queueBatches, .queueEvents, .queueBytes: #expect(error.code == .queueFull)
            default:
                #expect(error.code == .tooLarge)
                #expect(error.cause.contains("\(limit.maximum)"))
            }
        }
        let causes = AppendLimit.allCases.map { $0.error(at: "ledger").cause }
        #expect(Set(causes).count == AppendLimit.allCases.count)
    }
}
