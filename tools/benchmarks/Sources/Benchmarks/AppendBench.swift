import ArgumentParser
import Foundation
import Ledger
import MallocCounter
import PlainLMDB
import PlainSQLite

/// One ledger and its peers, each in a directory of its own.
final class AppendBench {
    enum Peer {
        case lmdb
        case sqlite
    }

    private let writer: LedgerWriter
    private let lmdb: OpaquePointer
    private let sqlite: OpaquePointer
    private let payload: [UInt8]

    init(scratch: String, eventBytes: Int) throws {
        writer = try LedgerWriter.open(scratch + "/ledger")
        guard let lmdb = plain_lmdb_open(scratch + "/plain") else {
            throw CleanExit.message("the plain LMDB environment could not be opened")
        }
        guard let sqlite = plain_sqlite_open(scratch + "/plain/events.sqlite") else {
            throw CleanExit.message("the plain SQLite database could not be opened")
        }
        self.lmdb = lmdb
        self.sqlite = sqlite
        payload = (0..<eventBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    }

    func close() {
        writer.close()
        plain_lmdb_close(lmdb)
        plain_sqlite_close(sqlite)
    }

    private func fill(_ batch: inout EventBatch, _ count: Int) {
        batch.removeAll()
        for index in 0..<count {
            batch.append(
                EventHeader(
                    kind: EventKind(rawValue: 65), schemaVersion: 1,
                    stream: StreamID(rawValue: UInt64(index)), wallTime: 1,
                    monotonicTime: UInt64(index)),
                payload: payload)
        }
    }

    private func batch(_ count: Int) -> EventBatch {
        var batch = EventBatch(reservingEvents: count, payloadBytes: count * payload.count)
        fill(&batch, count)
        return batch
    }

    /// Events a second over rounds of 50 batches, `size` events in each. The producer builds and
    /// hashes a batch while those before it are on their way to the disk, and never has more than
    /// `atOnce` in flight. Each peer commits one at a time.
    func batches(
        of size: Int, atOnce: Int, rounds: Int, of peer: Peer
    ) async throws -> [Measure] {
        let count = 50
        var ours = 0.0
        var theirs = 0.0
        var commits = 0
        for _ in 0..<rounds {
            let begin = ContinuousClock.now
            let receipts = try await appendPipelined(count, of: size, atOnce: atOnce)
            ours += seconds(since: begin)
            // A commit ends where a frame does.
            commits += try receipts.count { try writer.reader.link(at: $0.last) != nil }
            let peerBegin = ContinuousClock.now
            for _ in 0..<count { try append(size, to: peer) }
            theirs += seconds(since: peerBegin)
        }
        let events = Double(size * count * rounds)
        let (name, bar) =
            switch peer {
            case .lmdb: ("C LMDB, one key an event", Measure.Bar.atLeast(1.0))
            case .sqlite: ("C SQLite, WAL, synchronous=FULL", Measure.Bar.atLeast(1.7))
            }
        return [
            Measure(
                "append, \(size) events a batch, \(atOnce) in flight", events / ours,
                unit: "events/s", peer: name, events / theirs, bar: bar),
            Measure(
                "batches a commit in that row", Double(count * rounds) / Double(commits),
                unit: "batches", peer: "the peer", 1, bar: .none),
        ]
    }

    private func appendPipelined(
        _ count: Int, of size: Int, atOnce: Int
    ) async throws -> [AppendReceipt] {
        let writer = self.writer
        var inFlight: [Task<AppendReceipt, any Error>] = []
        var receipts: [AppendReceipt] = []
        for _ in 0..<count {
            let next = batch(size)
            if inFlight.count == atOnce { receipts.append(try await inFlight.removeFirst().value) }
            inFlight.append(Task { try await writer.append(next) })
        }
        for task in inFlight { receipts.append(try await task.value) }
        return receipts
    }

    private func append(_ count: Int, to peer: Peer) throws {
        let code =
            switch peer {
            case .lmdb: plain_lmdb_append(lmdb, payload, payload.count, count)
            case .sqlite: plain_sqlite_append(sqlite, payload, payload.count, count)
            }
        guard code == 0 else { throw CleanExit.message("the peer failed with code \(code)") }
    }

    /// Median latency of one durable append at a time.
    func single(rounds: Int) async throws -> Measure {
        var ours: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<rounds {
            let begin = ContinuousClock.now
            _ = try await writer.append(batch(1))
            ours.append(seconds(since: begin) * 1e6)
            let peerBegin = ContinuousClock.now
            try append(1, to: .lmdb)
            theirs.append(seconds(since: peerBegin) * 1e6)
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

    /// Heap blocks taken for each event, from the filling of its batch to its completion.
    func allocations(batches: Int, of size: Int) async throws -> Measure {
        var batch = batch(size)
        _ = try await writer.append(batch)
        let before = malloc_count()
        for _ in 0..<batches {
            fill(&batch, size)
            _ = try await writer.append(batch)
        }
        let taken = malloc_count() - before
        return Measure(
            "heap blocks an appended event, hashing included",
            Double(taken) / Double(batches * size), unit: "blocks", atMost: 1)
    }
}

/// From `begin` to now.
func seconds(since begin: ContinuousClock.Instant) -> Double {
    let (whole, atto) = begin.duration(to: .now).components
    return Double(whole) + Double(atto) * 1e-18
}
