import Foundation
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerCompactionTests {
    /// Frames that were sealed leave free pages behind.
    private func makeLedger(_ path: String) throws -> LedgerHead {
        let writer = try LedgerWriter.open(path)
        defer { writer.close() }
        for number in 0..<300 as Range<UInt64> {
            try writer.appendAndWait(batch(100, stream: number))
        }
        _ = try writer.checkpoint(with: writer.signingKey())
        try writer.seal()
        return writer.head
    }

    @Test func freePagesAreGivenBackAndNothingElse() throws {
        try withTemporaryDirectory { path in
            let head = try makeLedger("\(path)/ledger")
            let before = try LedgerReader.open("\(path)/ledger").all()
            let report = try LedgerCompaction.compact("\(path)/ledger")
            #expect(report.head == head)
            #expect(report.bytesAfter * 3 < report.bytesBefore * 2)
            let file = try DataFile.byteCount("\(path)/ledger/log")
            #expect(file == report.bytesAfter)
            #expect(!FileManager.default.fileExists(atPath: "\(path)/ledger/log.compact"))
            let writer = try LedgerWriter.open("\(path)/ledger")
            #expect(writer.head == head)
            #expect(try writer.reader.all() == before)
            #expect(writer.reader.lineage.descents == [])
            try writer.appendAndWait(batch(2))
            #expect(try writer.reader.verify().faults == [])
            _ = try writer.checkpoint(with: writer.signingKey())
        }
    }

    @Test func aLedgerInUseIsNotCompacted() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open("\(path)/ledger")
            try writer.appendAndWait(batch(2))
            guard case .locked = refusal({ _ = try LedgerCompaction.compact("\(path)/ledger") })
            else {
                Issue.record("the writer's lock was not asked for")
                return
            }
            try writer.appendAndWait(batch(2))
        }
    }

    @Test func aReaderOfTheOldFileSaysSo() throws {
        try withTemporaryDirectory { path in
            _ = try makeLedger("\(path)/ledger")
            let reader = try LedgerReader.open("\(path)/ledger")
            _ = try LedgerCompaction.compact("\(path)/ledger")
            #expect(refusal { _ = try reader.head() } == .replaced)
            let follow = refusal {
                try reader.follow(from: .first, until: { false }) { _ in .next }
            }
            #expect(follow == .replaced)
            #expect(try LedgerReader.open("\(path)/ledger").verify().isSound)
        }
    }

    /// A crash before the exchange leaves a copy, one after it the old log.
    @Test(arguments: [false, true]) func whatACrashLeavesIsClearedAway(isExchanged: Bool) throws {
        try withTemporaryDirectory { path in
            let files = FileManager.default
            let head = try makeLedger("\(path)/ledger")
            let log = "\(path)/ledger/log"
            let other = "\(path)/ledger/log.compact"
            try files.copyItem(atPath: log, toPath: other)
            if isExchanged {
                _ = try LedgerCompaction.compact("\(path)/ledger")
                try files.createDirectory(atPath: other, withIntermediateDirectories: true)
                try Data("old".utf8).write(to: URL(fileURLWithPath: "\(other)/data.mdb"))
            } else {
                let file = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(other)/data.mdb"))
                try file.truncate(atOffset: 10_000)
            }
            #expect(try LedgerReader.open("\(path)/ledger").head() == head)
            let writer = try LedgerWriter.open("\(path)/ledger")
            #expect(writer.head == head)
            #expect(!files.fileExists(atPath: other))
            #expect(try writer.reader.verify().isSound)
        }
    }
}
