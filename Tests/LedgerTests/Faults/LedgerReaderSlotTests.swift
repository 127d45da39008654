import Foundation
import TestSupport
import Testing

@testable import Ledger
@testable import LedgerWorkload

/// The table of readers that LMDB keeps in shared memory: full, and with dead readers in it.
@Suite struct LedgerReaderSlotTests {
    /// Runs `body` inside `count` reads of `environment`, one within the other.
    private func nested(
        _ count: Int, _ environment: SharedEnvironment, _ body: () throws(LedgerError) -> Void
    ) throws(LedgerError) {
        if count == 0 { return try body() }
        try environment.withSnapshot { _ throws(LedgerError) in
            try nested(count - 1, environment, body)
        }
    }

    @Test func oneReaderTooManyIsRefusedAndWritingGoesOn() throws {
        try withTemporaryDirectory { path in
            let writer = try LedgerWriter.open(
                "\(path)/ledger", options: LedgerOptions(mapBytes: 1 << 28, reserveBytes: 0))
            try writer.appendAndWait(batch(1))
            let reader = writer.reader
            var code: LedgerError.Code?
            var appended: LedgerError.Code?
            try nested(Int(LedgerLimits.readersMax), reader.lease.environment) {
                () throws(LedgerError) in
                code = refusal { _ = try reader.head() }
                appended = refusal { try writer.appendAndWait(batch(2)) }
            }
            #expect(code == .readersFull)
            #expect(appended == nil)
            #expect(try reader.head() == writer.head)
            #expect(try reader.verify().isSound)
        }
    }

    /// A process that dies inside a read must not make the log grow for ever.
    @Test func aDeadReadersPagesAreReusedWhileTheWriterRuns() async throws {
        try await withProcesses { processes in
            let ledger = "\(processes.directory)/ledger"
            let writer = try LedgerWriter.open(
                ledger, options: LedgerOptions(mapBytes: 1 << 28, reserveBytes: 0))
            try writer.appendAndWait(batch(1))
            let child = try WorkloadProcess.start(processes, ["pin", ledger])
            try await eventually("a pinned log") { child.output.contains("pinned") }
            child.killNow()
            let environment = writer.reader.lease.environment
            let interval = LedgerLimits.staleReaderCheckCommits
            for _ in 0...interval { try writer.appendAndWait(batch(1)) }
            #expect(try environment.clearStaleReaders() == 0)
            #expect(try writer.reader.verify().isSound)
        }
    }
}
