import Foundation
import TestSupport
import Testing

@testable import Ledger
@testable import LedgerWorkload

/// Files that are not the ledger's, or not to be written.
@Suite struct LedgerForeignFileTests {
    private func refusals(_ path: String) -> [LedgerError.Code?] {
        [
            refusal { _ = try LedgerReader.open(path) },
            refusal { _ = try LedgerWriter.open(path, options: LedgerWorkload.options) },
        ]
    }

    private func isCorrupt(_ code: LedgerError.Code?) -> Bool {
        if case .corrupt = code { true } else { false }
    }

    @Test func aDataFileOfAnotherKindIsRefusedAndKept() throws {
        let seed = Seed(for: "aDataFileOfAnotherKindIsRefusedAndKept")
        var generator = seed.generator()
        try withTemporaryDirectory { path in
            let file = "\(path)/log/data.mdb"
            try FileManager.default.createDirectory(
                atPath: "\(path)/log", withIntermediateDirectories: true)
            let strangers: [[UInt8]] = [
                Array("SQLite format 3\0".utf8) + generator.bytes(9_000), [0],
                [UInt8](repeating: 0, count: 65_536), generator.bytes(4_096),
            ]
            for bytes in strangers {
                try Data(bytes).write(to: URL(fileURLWithPath: file))
                #expect(refusals(path).allSatisfy(isCorrupt), "\(seed)")
                #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == Data(bytes))
            }
        }
    }

    /// An LMDB environment, but a store's and not a log.
    @Test func anEnvironmentThatIsNoLogIsRefused() throws {
        try withTemporaryDirectory { path in
            try StateStore.open("\(path)/log").commit([("key", [1])])
            #expect(refusals(path).allSatisfy(isCorrupt))
            #expect(try StateStore.open("\(path)/log").load("key") == [1])
        }
    }

    @Test func aLogThatIsAFileIsRefused() throws {
        try withTemporaryDirectory { path in
            try Data([1]).write(to: URL(fileURLWithPath: "\(path)/log"))
            #expect(refusals(path).allSatisfy { $0 != nil })
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(path)/log")) == Data([1]))
        }
    }

    @Test func whatACrashLeftOfANewLogIsCleared() throws {
        try withTemporaryDirectory { path in
            let unfinished = "\(path)/\(LedgerFormat.newLogDirectory)"
            try FileManager.default.createDirectory(
                atPath: unfinished, withIntermediateDirectories: true)
            try Data(count: 4_096).write(to: URL(fileURLWithPath: "\(unfinished)/data.mdb"))
            #expect(refusal { _ = try LedgerReader.open(path) } == .notFound)
            let writer = try LedgerWriter.open(path, options: LedgerWorkload.options)
            try writer.appendAndWait(batch(2))
            #expect(try writer.reader.verify().isSound)
            #expect(!FileManager.default.fileExists(atPath: unfinished))
        }
    }

    /// Where this test may mount: root is not held back by modes.
    @Test func aReadOnlyFileSystemIsReadAndNotWritten() async throws {
        try await withProcesses { processes in
            let disk = "\(processes.directory)/disk"
            try FileManager.default.createDirectory(
                atPath: disk, withIntermediateDirectories: true)
            let mounted = try await processes.run(
                "/usr/bin/mount", ["-t", "tmpfs", "-o", "size=4m", "tmpfs", disk])
            guard mounted.succeeded else {
                print("no disk can be mounted here, not tested: \(mounted.errorOutput)")
                return
            }
            let result = Result {
                let writer = try LedgerWriter.open(
                    "\(disk)/ledger", options: LedgerWorkload.options)
                try writer.appendAndWait(batch(3))
                writer.close()
            }
            let remounted = try await processes.run(
                "/usr/bin/mount", ["-o", "remount,ro", disk])
            if remounted.succeeded { checkReadOnly("\(disk)/ledger", missing: "\(disk)/none") }
            _ = try await processes.run("/usr/bin/umount", ["-l", disk])
            try result.get()
            #expect(remounted.succeeded)
        }
    }

    private func checkReadOnly(_ ledger: String, missing: String) {
        #expect(throws: Never.self) {
            let reader = try LedgerReader.open(ledger)
            #expect(try reader.all().count == 3)
            #expect(try reader.verify().isSound)
        }
        #expect(
            refusal { _ = try LedgerWriter.open(ledger, options: LedgerWorkload.options) }
                == .permission)
        #expect(
            refusal { _ = try LedgerWriter.open(missing, options: LedgerWorkload.options) }
                == .permission)
    }

    /// Times are the caller's, and the ledger orders by position alone.
    @Test func aClockThatJumpsChangesNoOrder() throws {
        try withTemporaryDirectory { path in
            let times: [Int64] = [5_000, -1, .max, .min, 0, 4_999]
            for time in times {
                let writer = try LedgerWriter.open(
                    "\(path)/ledger", options: LedgerWorkload.options)
                var batch = EventBatch()
                var jumped = header(0)
                jumped.wallTime = time
                jumped.monotonicTime = UInt64(bitPattern: time)
                batch.append(jumped, payload: [])
                try writer.appendAndWait(batch)
                writer.close()
            }
            let reader = try LedgerReader.open("\(path)/ledger")
            #expect(try reader.all().map(\.header.wallTime) == times)
            #expect(try reader.verify().isSound)
        }
    }
}
