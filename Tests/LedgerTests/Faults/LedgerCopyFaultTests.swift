import CDiskFaults
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Ledger
@testable import LedgerWorkload

/// Disks that fail, and kills, while a ledger is backed up, restored or compacted.
@Suite struct LedgerCopyFaultTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        var call: disk_call
        var failure: Int32
        var isForever: Bool
        var work: String

        var testDescription: String {
            "\(work): call \(call.rawValue), failure \(failure)\(isForever ? ", forever" : "")"
        }
    }

    private static let faults: [Fault] = {
        let kinds: [(disk_call, Int32, Bool)] = [
            (DISK_WRITE, EIO, false), (DISK_WRITE, ENOSPC, true),
            (DISK_WRITE, DISK_SHORT.rawValue, false),
            (DISK_SYNCED_WRITE, EIO, false), (DISK_SYNCED_WRITE, DISK_DONE_EIO.rawValue, false),
            (DISK_FLUSH, EIO, false), (DISK_DIRECTORY_FLUSH, EIO, false),
            (DISK_RENAME, EIO, false), (DISK_OPEN, EMFILE, false), (DISK_OPEN, EROFS, true),
        ]
        return ["backup", "restore", "compact"].flatMap { work in
            kinds.map { Fault(call: $0.0, failure: $0.1, isForever: $0.2, work: work) }
        }
    }()

    @Test(arguments: faults) func aFailingCallLosesNothingAndIsGoneOnBehind(
        _ fault: Fault
    ) async throws {
        try await withProcesses { processes in
            let directory = "\(processes.directory)/runs"
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
            let output = try await WorkloadProcess.run(
                processes,
                [
                    "copy", directory, "\(fault.call.rawValue)", "\(fault.failure)",
                    fault.isForever ? "1" : "0", "77", fault.work,
                ])
            #expect(!output.contains("database("), "\(output)")
            let names = output.split(separator: "\n").filter { $0.hasPrefix("run ") }
                .map { String($0.dropFirst(4)) }
            #expect(names.count >= 2, "the fault met the work")
            for name in names {
                #expect(throws: Never.self, "\(fault.testDescription), run \(name)") {
                    try Self.check("\(directory)/\(name)", fault.work)
                }
                await Task.yield()
            }
        }
    }

    /// The original is as it was; the copy is its beginning, and becomes whole.
    private static func check(_ path: String, _ work: String) throws {
        let original = try LedgerReader.open("\(path)/ledger")
        let head = try original.head()
        #expect(try original.verify().faults == [])
        switch work {
        case "backup":
            if let cut = try? LedgerReader.open("\(path)/copy") {
                #expect(try cut.verify().faults == [])
                #expect(try original.link(at: cut.head().position) == cut.head().link)
            }
            #expect(try original.backUp(to: "\(path)/copy").head == head)
        case "restore":
            // One that ended with an error after all was there is a ledger already.
            if (try? LedgerReader.open("\(path)/copy")) == nil {
                #expect(try original.restore(to: "\(path)/copy").head == head)
            }
        default:
            #expect(try LedgerCompaction.compact("\(path)/ledger").head == head)
            return
        }
        let copy = try LedgerReader.open("\(path)/copy")
        #expect(try copy.head() == head)
        #expect(try copy.verify().faults == [])
    }

    @Test func aBackupSurvivesEveryKill() async throws {
        let seed = Seed(for: "aBackupSurvivesEveryKill")
        var generator = seed.generator()
        try await withProcesses { processes in
            let ledger = "\(processes.directory)/ledger"
            let backup = "\(processes.directory)/backup"
            try FailingCopies.makeLedger(ledger, seed.value)
            _ = try LedgerReader.open(ledger).backUp(to: backup)
            var before = Position.zero
            for round in 0..<20 {
                let reader = try LedgerReader.open(ledger)
                var expected = ExpectedBatches(seed: seed.value)
                let last = try WorkloadContent(reader, &expected).numbers[0]?.last ?? 0
                let delay = Int.random(in: 2_000...60_000, using: &generator)
                let child = try WorkloadProcess.start(
                    processes,
                    ["backups", ledger, backup, "\(seed.value)", "\(last + 1)", "\(delay)"])
                let status = try await child.wait(within: .seconds(60))
                #expect(status == .signalled(SIGKILL), "\(child.errorOutput)")
                let cut = try LedgerReader.open(backup)
                #expect(try cut.verify().faults == [], "kill \(round), \(seed)")
                let head = try cut.head()
                #expect(head.position >= before, "kill \(round), \(seed)")
                #expect(try LedgerReader.open(ledger).link(at: head.position) == head.link)
                before = head.position
            }
            let original = try LedgerReader.open(ledger)
            #expect(try original.backUp(to: backup).head == original.head())
            #expect(try LedgerReader.open(backup).verify().root == original.verify().root)
        }
    }
}
