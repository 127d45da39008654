import Foundation
import Glibc
import TestSupport
import Testing

@testable import Ledger
@testable import LedgerWorkload

/// `kill -9` under load, again and again, at moments that nobody chose.
///
/// `TRUNKLEDGER_KILLS=N` kills N times instead of some two hundred.
@Suite(.serialized) struct LedgerKillTests {
    private static let kills =
        ProcessInfo.processInfo.environment["TRUNKLEDGER_KILLS"].flatMap { Int($0) } ?? 210
    /// A ledger is given up for a new one after so many, since it is read whole after each.
    private static let killsPerLedger = 15
    private static let producers: UInt16 = 4

    /// What one ledger's workloads were told, over all its kills.
    private struct Acknowledged {
        var numbers: [UInt16: Set<UInt32>] = [:]

        mutating func add(_ output: String) {
            // The last piece may be half a line.
            for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
                let words = line.split(separator: " ")
                guard words.count == 4, words[0] == "acked", let producer = UInt16(words[1]),
                    let number = UInt32(words[2])
                else { continue }
                numbers[producer, default: []].insert(number)
            }
        }
    }

    @Test func whatWasAcknowledgedSurvivesEveryKill() async throws {
        let seed = Seed(for: "whatWasAcknowledgedSurvivesEveryKill")
        var generator = seed.generator()
        var left = Self.kills
        var acknowledged = 0
        while left > 0 {
            let count = min(left, Self.killsPerLedger)
            acknowledged += try await killRepeatedly(count, seed, &generator)
            left -= count
        }
        print("\(acknowledged) batches acknowledged before \(Self.kills) kills")
        // Under load: a kill that only ever meets an idle process proves little.
        #expect(acknowledged > Self.kills)
    }

    /// Kills the writers of one ledger `count` times; how many batches they acknowledged.
    private func killRepeatedly(
        _ count: Int, _ seed: Seed, _ generator: inout SeededGenerator
    ) async throws -> Int {
        try await withProcesses { processes in
            let ledger = "\(processes.directory)/ledger"
            var expected = ExpectedBatches(seed: seed.value)
            var acknowledged = Acknowledged()
            var firsts = [UInt32](repeating: 0, count: Int(Self.producers))
            for round in 0..<count {
                let delay = Int.random(in: 1...20_000, using: &generator)
                let child = try WorkloadProcess.start(
                    processes,
                    ["load", ledger, "\(seed.value)", "\(Self.producers)", "\(delay)"]
                        + firsts.map(String.init))
                let status = try await child.wait(within: .seconds(60))
                #expect(status == .signalled(SIGKILL), "\(child.errorOutput)")
                acknowledged.add(child.output)
                let content = try examine(ledger, &expected)
                for (producer, numbers) in acknowledged.numbers {
                    let missing = numbers.subtracting(content.numbers[producer] ?? [])
                    #expect(missing == [], "producer \(producer), kill \(round), \(seed)")
                }
                for producer in 0..<Self.producers {
                    let last = content.numbers[producer]?.last
                    firsts[Int(producer)] = last.map { $0 + 1 } ?? 0
                }
                #expect(content.isGapless, "kill \(round), \(seed)")
            }
            return acknowledged.numbers.values.reduce(0) { $0 + $1.count }
        }
    }

    /// Opens as the next writer would, reads and verifies everything.
    private func examine(
        _ ledger: String, _ expected: inout ExpectedBatches
    ) throws -> WorkloadContent {
        let writer = try LedgerWriter.open(ledger, options: LedgerWorkload.options)
        defer { writer.close() }
        let content = try WorkloadContent(writer.reader, &expected)
        let report = try writer.reader.verify()
        #expect(report.faults == [])
        #expect(report.events == UInt64(content.eventCount))
        return content
    }
}
