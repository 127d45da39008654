import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite struct BackupTests {
    /// Two boots of random batches, some stamped, with checkpoints; sealed up to the middle.
    private func makeLedger(
        _ path: String, batches: Int = 30, _ generator: inout SeededGenerator
    ) throws -> LedgerWriter {
        for boot in 0..<2 as Range<UInt64> {
            let writer = try LedgerWriter.open(path)
            let key = try writer.signingKey()
            try append(batches, to: writer, &generator)
            let stamp = ProducerStamp(producer: ProducerID(rawValue: 7), sequence: boot + 1)
            _ = try writer.appendAndWait(
                randomBatch(&generator), under: AppendConditions(stamp: stamp))
            _ = try writer.checkpoint(with: key)
            writer.close()
        }
        let writer = try LedgerWriter.open(path)
        try writer.seal(through: Position(rawValue: writer.head.position.rawValue / 2))
        return writer
    }

    private func append(
        _ batches: Int, to writer: LedgerWriter, _ generator: inout SeededGenerator
    ) throws {
        for _ in 0..<batches { try writer.appendAndWait(randomBatch(&generator)) }
    }

    private func expectSame(_ copy: LedgerReader, _ original: LedgerReader) throws {
        #expect(try copy.head() == original.head())
        #expect(try copy.all() == original.all())
        let report = try copy.verify()
        #expect(report.faults == [])
        #expect(try report.root == original.verify().root)
    }

    @Test func aBackupIsTheSameLedgerAndGrowsByWhatIsNew() throws {
        let seed = Seed(for: "aBackupIsTheSameLedgerAndGrowsByWhatIsNew")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", &generator)
            let backup = "\(path)/backup"
            let first = try writer.reader.backUp(to: backup)
            #expect(first.head == writer.head)
            #expect(first.copied.segments == 1)
            try expectSame(LedgerReader.open(backup), writer.reader)
            #expect(try writer.reader.backUp(to: backup).copied == CopyTotals())
            // Frames alone.
            try append(3, to: writer, &generator)
            let second = try writer.reader.backUp(to: backup)
            #expect(second.copied.segments == 0)
            #expect(second.copied.frames == 3)
            try expectSame(LedgerReader.open(backup), writer.reader)
            // What was copied as frames is now a segment, and more.
            try append(3, to: writer, &generator)
            try writer.seal()
            _ = try writer.checkpoint(with: writer.signingKey())
            let third = try writer.reader.backUp(to: backup)
            #expect(third.copied.segments == 1)
            #expect(third.copied.frames == 1)
            let reader = try LedgerReader.open(backup)
            try expectSame(reader, writer.reader)
            #expect(try reader.newestCheckpoint() == writer.reader.newestCheckpoint())
            let manifest = try #require(try reader.backupManifest())
            #expect(manifest.head == writer.head)
            #expect(manifest.segments.count == 2)
            #expect(BackupManifest(parsing: manifest.encoded) == manifest)
        }
    }

    @Test func aBackupIsNotAppendedToAndHoldsNoSecretKey() throws {
        var generator = SeededGenerator(seed: 1)
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", batches: 2, &generator)
            _ = try writer.reader.backUp(to: "\(path)/backup")
            #expect(refusal { _ = try LedgerWriter.open("\(path)/backup") } == .notLive)
            #expect(!FileManager.default.fileExists(atPath: "\(path)/backup/key"))
            #expect(FileManager.default.fileExists(atPath: "\(path)/backup/key.pub"))
        }
    }

    @Test func aDirectoryWithSomethingElseIsRefused() throws {
        var generator = SeededGenerator(seed: 2)
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", batches: 2, &generator)
            let other = try makeLedger("\(path)/other", batches: 2, &generator)
            _ = try other.reader.backUp(to: "\(path)/others")
            try FileManager.default.createDirectory(
                atPath: "\(path)/full", withIntermediateDirectories: true)
            try Data([1]).write(to: URL(fileURLWithPath: "\(path)/full/letter.txt"))
            for directory in ["others", "full"] {
                let code = refusal { _ = try writer.reader.backUp(to: "\(path)/\(directory)") }
                #expect(code == .foreignDirectory, "\(directory)")
            }
            // In use, by this process.
            guard case .locked = refusal({ _ = try writer.reader.backUp(to: "\(path)/other") })
            else {
                Issue.record("a ledger in use is no place for a backup")
                return
            }
            other.close()
            let code = refusal { _ = try writer.reader.backUp(to: "\(path)/other") }
            #expect(code == .foreignDirectory)
        }
    }

    @Test func aBackupOfAnotherHistoryIsKept() throws {
        var generator = SeededGenerator(seed: 3)
        try withTemporaryDirectory { path in
            let writer = try makeLedger("\(path)/ledger", batches: 3, &generator)
            _ = try writer.reader.backUp(to: "\(path)/backup")
            let fork = try writer.reader.restore(to: "\(path)/fork")
            try append(2, to: writer, &generator)
            _ = try writer.reader.backUp(to: "\(path)/backup")
            let forked = try LedgerWriter.open("\(path)/fork")
            try append(1, to: forked, &generator)
            let short = refusal { _ = try forked.reader.backUp(to: "\(path)/backup") }
            #expect(short == .diverged(position: fork.head.position))
            try append(40, to: forked, &generator)
            let long = refusal { _ = try forked.reader.backUp(to: "\(path)/backup") }
            #expect(long == .diverged(position: fork.head.position))
            try expectSame(LedgerReader.open("\(path)/backup"), writer.reader)
        }
    }

    /// A writer appends and seals while one backup after the other is made.
    @Test func aLedgerIsBackedUpWhileItIsWritten() throws {
        let seed = Seed(for: "aLedgerIsBackedUpWhileItIsWritten")
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            let isStopped = Mutex(false)
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                var generator = seed.generator()
                while !isStopped.withLock({ $0 }) {
                    _ = try? writer.appendAndWait(randomBatch(&generator))
                    if Int.random(in: 0..<20, using: &generator) == 0 { _ = try? writer.seal() }
                }
                done.signal()
            }
            for _ in 0..<15 {
                let head = try writer.reader.backUp(to: "\(path)/backup").head
                let reader = try LedgerReader.open("\(path)/backup")
                #expect(try reader.head() == head)
                #expect(try reader.verify().faults == [])
                #expect(try writer.reader.link(at: head.position) == head.link)
            }
            isStopped.withLock { $0 = true }
            done.wait()
            _ = try writer.reader.backUp(to: "\(path)/backup")
            try expectSame(LedgerReader.open("\(path)/backup"), writer.reader)
        }
    }
}
