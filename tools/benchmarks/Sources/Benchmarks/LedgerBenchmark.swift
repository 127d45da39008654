import ArgumentParser
import Foundation
import Ledger
import PlainLMDB

/// Durable appends beside a plain C loop on LMDB, on the same disk, in alternating rounds.
struct LedgerBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "Durable appends, beside a plain C LMDB loop.")

    @OptionGroup var options: BenchmarkOptions

    @Option(help: "Where the test files go; the disk to measure.")
    var directory = FileManager.default.currentDirectoryPath

    private static let eventBytes = 128

    func run() async throws {
        let scratch = "\(directory)/bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: scratch + "/plain", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch) }

        let flush = raw_fdatasync_nanoseconds(scratch + "/raw", options.quick ? 50 : 500)
        let bench = try AppendBench(scratch: scratch, eventBytes: Self.eventBytes)
        defer { bench.close() }
        let measures = [
            try await bench.batches(of: 1_000, rounds: options.quick ? 20 : 200),
            try await bench.single(rounds: options.quick ? 100 : 2_000),
            try await bench.producers(64, seconds: options.quick ? 1 : 5),
        ]
        try Report.print(measures, context: context(flush: flush), json: options.json)
    }

    private func context(flush: Int64) -> [String] {
        var load = [Double](repeating: 0, count: 3)
        getloadavg(&load, 3)
        return [
            "raw 4 KiB overwrite + fdatasync: \(flush / 1_000) us "
                + "(\(flush > 0 ? 1_000_000_000 / flush : 0)/s)",
            String(
                format: "load average %.2f, %d cores", load[0],
                ProcessInfo.processInfo.processorCount),
            "events of \(Self.eventBytes) B; ours are chained and checksummed, the peer's are not",
        ]
    }
}

final class AppendBench {
    private let writer: LedgerWriter
    private let plain: OpaquePointer
    private let payload: [UInt8]

    init(scratch: String, eventBytes: Int) throws {
        writer = try LedgerWriter.open(scratch + "/ledger")
        guard let plain = plain_lmdb_open(scratch + "/plain") else {
            throw CleanExit.message("the plain LMDB environment could not be opened")
        }
        self.plain = plain
        payload = (0..<eventBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    }

    func close() {
        writer.close()
        plain_lmdb_close(plain)
    }

    private func batch(_ count: Int) -> EventBatch {
        var batch = EventBatch(reservingEvents: count, payloadBytes: count * payload.count)
        for index in 0..<count {
            batch.append(
                EventHeader(
                    kind: EventKind(rawValue: 65), schemaVersion: 1,
                    stream: StreamID(rawValue: UInt64(index)), wallTime: 1,
                    monotonicTime: UInt64(index)),
                payload: payload)
        }
        return batch
    }

    /// Events a second, `size` of them in each commit.
    func batches(of size: Int, rounds: Int) async throws -> Measure {
        var ours: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<rounds {
            let begin = ContinuousClock.now
            _ = try await writer.append(batch(size))
            ours.append(Double(size) / seconds(since: begin))
            let plainBegin = ContinuousClock.now
            try check(plain_lmdb_append(plain, payload, payload.count, size))
            theirs.append(Double(size) / seconds(since: plainBegin))
        }
        return Measure(
            "append, \(size) events a commit", median(ours), unit: "events/s",
            peer: "C LMDB, one key an event", median(theirs), bar: .atLeast(1.0))
    }

    /// Median latency of one durable append at a time.
    func single(rounds: Int) async throws -> Measure {
        var ours: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<rounds {
            let begin = ContinuousClock.now
            _ = try await writer.append(batch(1))
            ours.append(seconds(since: begin) * 1e6)
            let plainBegin = ContinuousClock.now
            try check(plain_lmdb_append(plain, payload, payload.count, 1))
            theirs.append(seconds(since: plainBegin) * 1e6)
        }
        return Measure(
            "one append at a time, p50", median(ours), unit: "us", peer: "C LMDB, one commit",
            median(theirs), bar: .atMost(1.25))
    }

    /// Appends a second of `count` producers that each await theirs, beside one producer.
    func producers(_ count: Int, seconds span: Double) async throws -> Measure {
        let one = try await rate(producers: 1, seconds: span)
        let many = try await rate(producers: count, seconds: span)
        return Measure(
            "\(count) producers, one event each", many, unit: "events/s", peer: "one producer",
            one, bar: .atLeast(15))
    }

    private func rate(producers: Int, seconds span: Double) async throws -> Double {
        let writer = self.writer
        let event = batch(1)
        let begin = ContinuousClock.now
        let total = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<producers {
                group.addTask {
                    var done = 0
                    while begin.duration(to: .now) < .seconds(span) {
                        _ = try await writer.append(event)
                        done += 1
                    }
                    return done
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(total) / seconds(since: begin)
    }

    private func seconds(since begin: ContinuousClock.Instant) -> Double {
        let (whole, atto) = begin.duration(to: .now).components
        return Double(whole) + Double(atto) * 1e-18
    }

    private func check(_ code: Int32) throws {
        guard code == 0 else { throw CleanExit.message("plain LMDB failed with code \(code)") }
    }
}
