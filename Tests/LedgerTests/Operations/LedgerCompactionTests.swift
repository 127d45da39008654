import Dispatch
import Foundation
import Synchronization
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

    /// Gives the name of the log in `ledger` to a copy of the one in `source`, as another process
    /// does it.
    private func exchange(_ ledger: String, for source: String) throws {
        let files = FileManager.default
        try files.copyItem(atPath: "\(source)/log", toPath: "\(ledger)/log.compact")
        try files.moveItem(atPath: "\(ledger)/log", toPath: "\(ledger).old")
        try files.moveItem(atPath: "\(ledger)/log.compact", toPath: "\(ledger)/log")
    }

    @Test func aReaderOfTheOldFileGoesOnWithTheNew() throws {
        try withTemporaryDirectory { path in
            let head = try makeLedger("\(path)/ledger")
            let reader = try LedgerReader.open("\(path)/ledger")
            let follower = try LedgerReader.open("\(path)/ledger")
            var followed = 0
            try follower.follow(from: .first, until: { false }) { event in
                followed += 1
                if event.position == head.position {
                    try self.exchange("\(path)/ledger", for: "\(path)/ledger")
                    try LedgerWriter.open("\(path)/ledger").appendAndWait(batch(2))
                }
                return followed == head.position.rawValue + 2 ? .stop : .next
            }
            #expect(followed == head.position.rawValue + 2)
            #expect(try reader.head() == follower.head())
            #expect(try reader.all().count == followed)
            #expect(try reader.verify().isSound)
        }
    }

    @Test func anotherLedgerInItsPlaceIsRefused() throws {
        try withTemporaryDirectory { path in
            for name in ["ledger", "other"] { _ = try makeLedger("\(path)/\(name)") }
            let reader = try LedgerReader.open("\(path)/ledger")
            try exchange("\(path)/ledger", for: "\(path)/other")
            #expect(refusal { _ = try reader.head() } == .replaced)
            let follow = refusal {
                try reader.follow(from: .first, until: { false }) { _ in .next }
            }
            #expect(follow == .replaced)
        }
    }

    @Test func appendsGoOnWhileTheLogIsCompacted() throws {
        try withTemporaryDirectory { path in
            _ = try makeLedger("\(path)/ledger")
            let writer = try LedgerWriter.open("\(path)/ledger")
            let before = writer.head
            let isDone = Atomic(false)
            let followed = Mutex<[UInt64]>([])
            let threads = [
                background {
                    // Not so many on a slow machine that they outweigh what is given back.
                    for _ in 0..<1_000 where !isDone.load(ordering: .relaxed) {
                        _ = try? writer.appendAndWait(batch(3, stream: 1_000))
                    }
                },
                background {
                    // Stays below the end by one commit at most.
                    try? writer.reader.follow(
                        from: .first, until: { isDone.load(ordering: .relaxed) }
                    ) { event in
                        followed.withLock { $0.append(event.position.rawValue) }
                        return .next
                    }
                },
            ]
            let report = try writer.compact()
            try writer.appendAndWait(batch(1))
            isDone.store(true, ordering: .relaxed)
            for thread in threads { thread.wait() }
            #expect(report.head.position >= before.position)
            #expect(report.bytesAfter * 3 < report.bytesBefore * 2)
            let seen = followed.withLock { $0 }
            #expect(seen == Array(1...UInt64(seen.count)))
            let end = writer.head
            #expect(try writer.reader.all().count == Int(end.position.rawValue))
            #expect(try writer.reader.verify().faults == [])
            // Sealing and signing go on in the new file.
            _ = try writer.checkpoint(with: writer.signingKey())
            try writer.seal()
            #expect(try writer.reader.verify().isSound)
            writer.close()
            #expect(try LedgerWriter.open("\(path)/ledger").head == end)
        }
    }

    @Test func aReaderOfTheSameProcessGoesAlong() throws {
        try withTemporaryDirectory { path in
            let head = try makeLedger("\(path)/ledger")
            let reader = try LedgerReader.open("\(path)/ledger")
            _ = try LedgerCompaction.compact("\(path)/ledger")
            #expect(try reader.head() == head)
            let writer = try LedgerWriter.open("\(path)/ledger")
            try writer.appendAndWait(batch(1))
            #expect(try reader.head() == writer.head)
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

/// Runs `body` on a thread of its own; wait for what comes back.
private func background(_ body: @escaping @Sendable () -> Void) -> DispatchSemaphore {
    let done = DispatchSemaphore(value: 0)
    Thread {
        body()
        done.signal()
    }.start()
    return done
}
