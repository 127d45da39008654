import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerWriterTests {
    @Test func whatIsAppendedIsReadBack() async throws {
        try await withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            #expect(writer.head.position == .zero)
            var batch = EventBatch()
            batch.append(header(1), payload: [])
            batch.append(header(2, stream: .max), payload: [0, 255])
            let receipt = try await writer.append(batch)
            #expect(receipt == AppendReceipt(first: .first, last: Position(rawValue: 2)))
            let events = try writer.reader.all()
            #expect(events.map(\.position.rawValue) == [1, 2])
            #expect(events.map(\.header) == [header(1), header(2, stream: .max)])
            #expect(events.map(\.payload) == [[], [0, 255]])
            #expect(events.map(\.bootID) == [writer.bootID, writer.bootID])
            #expect(try writer.reader.head() == writer.head)
        }
    }

    @Test func randomBatchesSurviveReopening() throws {
        let seed = Seed(for: "randomBatchesSurviveReopening")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            var expected: [(EventHeader, [UInt8])] = []
            var heads: [LedgerHead] = []
            for _ in 0..<4 {
                let writer = try LedgerWriter.open("\(path)/ledger")
                if let last = heads.last { #expect(writer.head == last) }
                for _ in 0..<30 {
                    let batch = randomBatch(&generator)
                    var start = 0
                    for entry in batch.entries {
                        let end = Int(entry.payloadEnd)
                        expected.append((entry.header, Array(batch.payloads[start..<end])))
                        start = end
                    }
                    let receipt = try writer.appendAndWait(batch)
                    #expect(receipt.last.rawValue == UInt64(expected.count))
                }
                heads.append(writer.head)
                writer.close()
            }
            let reader = try LedgerReader.open("\(path)/ledger")
            let events = try reader.all()
            #expect(events.map(\.position.rawValue) == Array(1...UInt64(expected.count)))
            #expect(events.map(\.header) == expected.map(\.0))
            #expect(events.map(\.payload) == expected.map(\.1))
            #expect(Set(events.map(\.bootID)).count == 4)
            let report = try reader.verify()
            #expect(report.faults == [])
            #expect(report.head == heads.last)
            #expect(report.events == UInt64(expected.count))
        }
    }

    @Test func concurrentProducersGetGaplessPositions() async throws {
        try await withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let receipts = try await withThrowingTaskGroup(of: [AppendReceipt].self) { group in
                for producer in 0..<8 {
                    group.addTask {
                        var receipts: [AppendReceipt] = []
                        for _ in 0..<25 {
                            receipts.append(
                                try await writer.append(batch(3, stream: UInt64(producer))))
                        }
                        return receipts
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let firsts = receipts.map(\.first.rawValue).sorted()
            let expected: [UInt64] = (0..<200).map { UInt64($0) * 3 + 1 }
            #expect(firsts == expected)
            #expect(receipts.allSatisfy { $0.last == $0.first.next.next })
            #expect(writer.head.position.rawValue == 600)
            var perStream: [UInt64: [Position]] = [:]
            for producer in UInt64(0)..<8 {
                try writer.reader.read(stream: StreamID(rawValue: producer)) { event in
                    perStream[producer, default: []].append(event.position)
                    return .next
                }
            }
            #expect(perStream.values.map(\.count) == Array(repeating: 75, count: 8))
            for positions in perStream.values { #expect(positions == positions.sorted()) }
            #expect(try writer.reader.verify().isSound)
        }
    }

    @Test func closingDrainsTheQueue() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let landed = Atomic<Int>(0)
            for _ in 0..<50 {
                writer.append(batch(2)) { result in
                    if case .success = result { landed.add(1, ordering: .relaxed) }
                }
            }
            writer.close()
            #expect(landed.load(ordering: .relaxed) == 50)
            #expect(writer.head.position.rawValue == 100)
            #expect(refusal { try writer.appendAndWait(batch(1)) } == .closed)
            writer.close()
        }
    }

    @Test func aCompletionMayDropTheLastReference() async throws {
        try await withTemporaryDirectory { path in
            let held = Mutex<LedgerWriter?>(try LedgerWriter.open("\(path)/ledger"))
            held.withLock { $0 }?.append(batch(1)) { _ in held.withLock { $0 = nil } }
            try await eventually("the lock to be free") {
                (try? LedgerWriter.open("\(path)/ledger")) != nil
            }
        }
    }

    @Test func aSecondWriterIsRefusedWithTheHoldersName() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let code = refusal { _ = try LedgerWriter.open("\(path)/ledger") }
            guard case .locked(let holder) = code else {
                Issue.record("not refused as locked: \(String(describing: code))")
                return
            }
            #expect(holder.pid == getpid())
            #expect(!holder.host.isEmpty)
            writer.close()
            #expect(refusal { _ = try LedgerWriter.open("\(path)/ledger") } == nil)
        }
    }

    @Test func batchesOverTheLimitsAreRefused() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            var large = EventBatch()
            let payload = [UInt8](repeating: 0, count: LedgerLimits.eventBytesMax + 1)
            large.append(header(1), payload: payload)
            #expect(refusal { try writer.appendAndWait(large) } == .tooLarge)
            let many = batch(LedgerLimits.frameEventsMax + 1)
            #expect(refusal { try writer.appendAndWait(many) } == .tooLarge)
            var full = EventBatch()
            for _ in 0..<(LedgerLimits.frameBytesMax / LedgerLimits.eventBytesMax) {
                full.append(header(1), payload: Array(payload.dropLast()))
            }
            #expect(try writer.appendAndWait(full).first == .first)
            #expect(try writer.appendAndWait(batch(1)).first.rawValue == UInt64(full.count) + 1)
            #expect(try writer.reader.verify().isSound)
        }
    }

    @Test func theQueueIsBounded() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let gate = DispatchSemaphore(value: 0)
            // Holds the committer inside a completion, so that nothing leaves the queue.
            writer.append(batch(1)) { _ in gate.wait() }
            let refused = Atomic<Int>(0)
            let large = batch(8, payload: [UInt8](repeating: 9, count: 1 << 19))
            let fitting = LedgerLimits.queueBytesMax / large.byteCount
            for _ in 0..<(2 * fitting + 2) {
                writer.append(large) { result in
                    if case .failure(let error) = result, error.code == .queueFull {
                        refused.add(1, ordering: .relaxed)
                    }
                }
            }
            #expect(refused.load(ordering: .relaxed) > 0)
            gate.signal()
            writer.close()
            #expect(try writer.reader.verify().isSound)
        }
    }

    /// What the committer does after a failed meta page, with a disk that did not fail.
    @Test func reopeningLosesNothing() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let reader = try LedgerReader.open("\(path)/ledger")
            for count in 1...4 {
                try writer.appendAndWait(batch(count))
                try reader.lease.environment.reopen()
                #expect(try reader.head() == writer.head)
            }
            #expect(try reader.verify().isSound)
            #expect(writer.head.position.rawValue == 10)
        }
    }

    @Test func theDirectoryIsMadeForTheOwnerOnly() throws {
        try withTemporaryDirectory { path in
            _ = try LedgerWriter.open("\(path)/ledger")
            let mode = try FileManager.default.attributesOfItem(atPath: "\(path)/ledger")
            #expect(mode[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test func anEmptyDirectoryBecomesALedger() throws {
        try withTemporaryDirectory { path in
            #expect(refusal { _ = try LedgerReader.open(path) } == .notFound)
            _ = try LedgerWriter.open(path)
            #expect(try LedgerReader.open(path).head().position == .zero)
        }
    }

    @Test func whatIsNoLedgerIsLeftAlone() throws {
        try withTemporaryDirectory { path in
            try "mine".write(toFile: "\(path)/notes.txt", atomically: true, encoding: .utf8)
            #expect(refusal { _ = try LedgerWriter.open(path) } == .foreignDirectory)
            #expect(refusal { _ = try LedgerReader.open(path) } == .foreignDirectory)
            #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["notes.txt"])
            let file = "\(path)/notes.txt"
            #expect(refusal { _ = try LedgerWriter.open(file) } == .foreignDirectory)
            #expect(refusal { _ = try LedgerReader.open("\(path)/none") } == .notFound)
            #expect(refusal { _ = try LedgerWriter.open("\(path)/none/ledger") } == .notFound)
        }
    }
}
