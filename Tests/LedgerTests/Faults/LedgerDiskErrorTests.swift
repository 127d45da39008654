import CDiskFaults
import Foundation
import Glibc
import TestSupport
import Testing

@testable import Ledger
@testable import LedgerWorkload

/// Each call of liblmdb's and ours on the log's files fails once, or from then on, in every way
/// there is, at every place in a short workload.
@Suite struct LedgerDiskErrorTests {
    struct Fault: CustomTestStringConvertible, Sendable {
        var call: disk_call
        var failure: Int32
        var isForever: Bool

        var testDescription: String {
            "call \(call.rawValue), failure \(failure)\(isForever ? ", forever" : "")"
        }
    }

    private static let faults: [Fault] = {
        let refusals = [EIO, ENOSPC, EDQUOT, EROFS]
        let kinds: [(disk_call, [Int32])] = [
            (DISK_WRITE, refusals + [DISK_SHORT.rawValue, DISK_DONE_EIO.rawValue]),
            (DISK_SYNCED_WRITE, refusals + [DISK_SHORT.rawValue, DISK_DONE_EIO.rawValue]),
            (DISK_FLUSH, [EIO, ENOSPC, EDQUOT, DISK_DONE_EIO.rawValue]),
            (DISK_DIRECTORY_FLUSH, [EIO]),
            (DISK_RENAME, [EIO, ENOSPC, EROFS]),
            (DISK_OPEN, [EIO, ENOSPC, EROFS, EMFILE]),
        ]
        return kinds.flatMap { call, failures in
            failures.flatMap { failure in
                [false, true].map { Fault(call: call, failure: failure, isForever: $0) }
            }
        }
    }()

    /// What a run said about itself.
    private struct Run {
        var acknowledged: [UInt32] = []
        var refused: [UInt32] = []
        var codes: [String] = []
    }

    private func runs(_ output: String) -> [String: Run] {
        var runs: [String: Run] = [:]
        var name = ""
        for line in output.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            switch words[0] {
            case "run": name = words[1]
            case "acked": runs[name, default: Run()].acknowledged.append(UInt32(words[1]) ?? .max)
            case "failed":
                // Where the outcome is unknown, either is right.
                if words[2] != "outcomeUnknown" {
                    runs[name, default: Run()].refused.append(UInt32(words[1]) ?? .max)
                }
                runs[name, default: Run()].codes.append(words[2])
            case "unopened":
                runs[name, default: Run()].codes.append(words.dropFirst().joined(separator: " "))
            default: break
            }
        }
        return runs
    }

    @Test(arguments: faults) func aFailingCallIsSaidAndLosesNothing(_ fault: Fault) async throws {
        let seed: UInt64 = 77
        let batches: UInt32 = 6
        try await withProcesses { processes in
            let directory = "\(processes.directory)/runs"
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
            let output = try await WorkloadProcess.run(
                processes,
                [
                    "fail", directory, "\(fault.call.rawValue)", "\(fault.failure)",
                    fault.isForever ? "1" : "0", "\(seed)", "\(batches)",
                ])
            let runs = runs(output)
            #expect(runs.count >= 2, "the fault met the workload")
            for (name, run) in runs {
                try check(run, "\(directory)/\(name)", seed: seed, batches: batches)
                await Task.yield()
            }
        }
    }

    private func check(
        _ run: Run, _ path: String, seed: UInt64, batches: UInt32
    ) throws {
        for code in run.codes { #expect(!code.hasPrefix("database"), "\(path): \(code)") }
        var ledger = CrashedLedger(path, seed: seed)
        #expect(throws: Never.self, "\(path)") {
            let found = try ledger.check(acknowledged: run.acknowledged, mayMissOthers: true)
            for number in run.refused {
                #expect(!found.contains(number), "\(path): batch \(number) was refused")
            }
        }
    }
}
