import CDiskFaults
import Foundation
import TestSupport
import Testing

@testable import Ledger

/// A power cut at any moment of a workload, with any part of what was not flushed.
///
/// `TRUNKLEDGER_CRASH_STATES=N` looks at about N states instead of a few thousand.
@Suite(.serialized) struct LedgerCrashMatrixTests {
    private static let states =
        ProcessInfo.processInfo.environment["TRUNKLEDGER_CRASH_STATES"].flatMap { Int($0) }
        ?? 2_400

    /// A trace and what it takes to judge its states.
    private struct Recording {
        let seed: UInt64
        /// Whether a power cut may take the newest commit.
        var mayLoseNewest: Bool
        let trace: DiskTrace
        /// The head after each batch that the workload left behind.
        let heads: [UInt32: LedgerHead]
    }

    private func record(
        _ processes: ProcessScope, seed: UInt64, steps: Int, within: String = "-",
        _ fault: [String] = []
    ) async throws -> Recording {
        let name = "\(processes.directory)/\(seed)-\(within)-\(fault.joined(separator: "-"))"
        _ = try await WorkloadProcess.run(
            processes,
            ["trace", name, name + ".trace", "\(seed)", "\(steps)", within] + fault)
        let reader = try LedgerReader.open(name)
        var expected = ExpectedBatches(seed: seed)
        let content = try WorkloadContent(reader, &expected)
        let heads = try content.lasts.compactMapValues { last in
            try reader.link(at: last).map { link in
                LedgerHead(ledger: reader.ledger, position: last, link: link)
            }
        }
        return Recording(
            seed: seed, mayLoseNewest: within != "-",
            trace: try DiskTrace(contentsOf: "\(name).trace"), heads: heads)
    }

    /// Looks at `count` states of a recording, spread evenly over its calls; what is wrong with
    /// them.
    private func examine(
        _ recording: Recording, states count: Int, in directory: String,
        mayMissOthers: Bool = false, ignoresFlushes: Bool = false
    ) async throws -> [String] {
        var generator = SeededGenerator(seed: recording.seed ^ 0xC0FFEE)
        var ledger = CrashedLedger("\(directory)/crashed", seed: recording.seed)
        var disk = SimulatedDisk()
        disk.ignoresFlushes = ignoresFlushes
        var promise = CrashPromise(mayLoseNewest: recording.mayLoseNewest)
        var wrong: [String] = []
        let calls = recording.trace.calls
        var done = 0
        for index in 0...calls.count {
            let current = index < calls.count ? calls[index] : nil
            while done * (calls.count + 1) < count * (index + 1) {
                let survival = SimulatedDisk.Survival.allCases[
                    Int.random(in: 0..<4, using: &generator)]
                let image = disk.image(during: current, survival, &generator)
                let isNamed =
                    disk.naming == .durable
                    || disk.naming == .renamed && Bool.random(using: &generator)
                let head = promise.kept.suffix(3).randomElement(using: &generator)
                try ledger.write(
                    image, isNamed: isNamed,
                    head: Bool.random(using: &generator)
                        ? head.flatMap { recording.heads[$0] } : nil)
                do {
                    try ledger.check(acknowledged: promise.kept, mayMissOthers: mayMissOthers)
                } catch {
                    wrong.append("call \(index) of \(calls.count), \(survival): \(error)")
                }
                done += 1
                await Task.yield()
            }
            guard let current else { continue }
            disk.run(current, &generator)
            promise.take(current)
        }
        return wrong
    }

    @Test func noPowerCutLosesOrHalvesABatch() async throws {
        let seed = Seed(for: "noPowerCutLosesOrHalvesABatch")
        let workloads = 4
        try await withProcesses { processes in
            for round in 0..<workloads {
                let recording = try await record(
                    processes, seed: seed.value &+ UInt64(round), steps: 60)
                let flushes = recording.trace.calls.count { call in
                    if case .flush = call.step { true } else { false }
                }
                #expect(flushes >= 60, "the disk was watched")
                let wrong = try await examine(
                    recording, states: Self.states / workloads, in: processes.directory)
                #expect(wrong == [], "\(seed)")
            }
        }
    }

    /// What the weaker mode promises: only the newest commit may be gone, and that whole.
    @Test func aPowerCutTakesNoMoreThanTheNewestCommit() async throws {
        let seed = Seed(for: "aPowerCutTakesNoMoreThanTheNewestCommit")
        try await withProcesses { processes in
            for (round, within) in ["0", "300", "1000000"].enumerated() {
                let recording = try await record(
                    processes, seed: seed.value &+ UInt64(round), steps: 50, within: within)
                let wrong = try await examine(
                    recording, states: Self.states / 12, in: processes.directory)
                #expect(wrong == [], "\(seed)")
            }
        }
    }

    /// The weaker mode is weaker, and the matrix sees it.
    @Test func theNewestCommitIsLostWhereItMayBe() async throws {
        try await withProcesses { processes in
            var recording = try await record(processes, seed: 2, steps: 30, within: "1000000")
            recording.mayLoseNewest = false
            let wrong = try await examine(recording, states: 200, in: processes.directory)
            #expect(wrong.count > 20)
        }
    }

    /// A flush that fails may leave the newest meta page unwritten, and the kernel thinks it is.
    @Test func aFailedFlushIsMadeUpFor() async throws {
        let seed = Seed(for: "aFailedFlushIsMadeUpFor")
        try await withProcesses { processes in
            for nth in [7, 20] {
                let recording = try await record(
                    processes, seed: seed.value &+ UInt64(nth), steps: 30, within: "1000000",
                    ["\(DISK_FLUSH.rawValue)", "\(EIO)", "\(nth)"])
                #expect(recording.trace.calls.contains { $0.hasFailed })
                let wrong = try await examine(
                    recording, states: Self.states / 12, in: processes.directory,
                    mayMissOthers: true)
                #expect(wrong == [], "\(seed)")
            }
        }
    }

    /// Where the last flush of a writer fails, only the next opening can make up for it.
    @Test(arguments: [(seed: UInt64(14), nth: 9), (19, 9), (21, 7), (27, 8)])
    func aFailedLastFlushIsMadeUpFor(_ run: (seed: UInt64, nth: Int)) async throws {
        try await withProcesses { processes in
            let recording = try await record(
                processes, seed: run.seed, steps: 30, within: "1000000",
                ["\(DISK_FLUSH.rawValue)", "\(EIO)", "\(run.nth)"])
            let wrong = try await examine(
                recording, states: Self.states / 4, in: processes.directory,
                mayMissOthers: true)
            #expect(wrong == [])
        }
    }

    /// The matrix finds what it is there for: a disk that says it flushed, and did not.
    @Test func aDiskThatIgnoresFlushesIsFoundOut() async throws {
        try await withProcesses { processes in
            let recording = try await record(processes, seed: 1, steps: 30)
            let wrong = try await examine(
                recording, states: 200, in: processes.directory, ignoresFlushes: true)
            #expect(wrong.count > 20)
        }
    }
}
