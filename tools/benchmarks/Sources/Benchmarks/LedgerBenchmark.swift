import ArgumentParser
import Foundation
import Ledger
import PlainLMDB

/// Durable appends beside plain C loops on LMDB and SQLite, on the same disk, in alternating
/// rounds; then what a ledger of a call centre's traffic takes and how fast it is read.
struct LedgerBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger",
        abstract: "Appends beside plain C loops on LMDB and SQLite; days of traffic, read back.")

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "Where the test files go; the disk to measure.")
    var directory = FileManager.default.currentDirectoryPath

    @Option(help: "How many events of a call centre's traffic are recorded, sealed and read.")
    var events: Int?

    private static let eventBytes = 128

    func run() async throws {
        let scratch = "\(directory)/bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: scratch + "/plain", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch) }

        let flush = raw_fdatasync_nanoseconds(scratch + "/raw", options.quick ? 50 : 500)
        let bench = try AppendBench(scratch: scratch, eventBytes: Self.eventBytes)
        defer { bench.close() }
        var measures: [Measure] = []
        let rounds = options.quick ? 2 : 60
        for atOnce in [2, 3] {
            measures += try await bench.batches(
                of: 1_000, atOnce: atOnce, rounds: rounds, of: .lmdb)
            measures += try await bench.batches(
                of: 1_000, atOnce: atOnce, rounds: rounds, of: .sqlite)
        }
        measures += [
            try await bench.single(rounds: options.quick ? 100 : 2_000),
            try await bench.producers(64, seconds: options.quick ? 1 : 5),
            try await bench.allocations(batches: options.quick ? 20 : 100, of: 1_000),
        ]
        let count = events ?? (options.quick ? 500_000 : 10_000_000)
        let traffic = TrafficBench(
            scratch + "/traffic", events: count, rounds: options.quick ? 1 : 3)
        measures += try await traffic.run()
        try Report.print(measures, context: context(flush: flush, count), json: options.json)
    }

    private func context(flush: Int64, _ events: Int) -> [String] {
        var load = [Double](repeating: 0, count: 3)
        getloadavg(&load, 3)
        return [
            "raw 4 KiB overwrite + fdatasync: \(flush / 1_000) us "
                + "(\(flush > 0 ? 1_000_000_000 / flush : 0)/s)",
            String(
                format: "load average %.2f, %d cores", load[0],
                ProcessInfo.processInfo.processorCount),
            "appended events of \(Self.eventBytes) B; ours are chained and checksummed, the peer's "
                + "are not",
            "a call centre's traffic of \(events) events"
                + (options.quick ? ", where the bars ask for 10,000,000" : ""),
        ]
    }
}
