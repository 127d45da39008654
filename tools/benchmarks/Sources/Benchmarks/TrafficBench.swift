import CallTraffic
import Foundation
import Ledger
import MallocCounter
import Projections
import TrunkEvents

/// A ledger of a call centre's traffic, recorded, sealed but for its end, and read in every way.
final class TrafficBench {
    private let path: String
    private let events: Int
    private let rounds: Int

    init(_ path: String, events: Int, rounds: Int) {
        precondition(events > RecordedTraffic.frameEvents, "some events are sealed")
        self.path = path
        self.events = events
        self.rounds = rounds
    }

    func run() async throws -> [Measure] {
        var measures = try await recordAndSeal()
        // While nothing else has it open: the file is mapped anew.
        measures.append(try opening())
        let reader = try LedgerReader.open(path)
        measures += try atRest(reader)
        measures.append(try await atRestWithDatagrams())
        measures.append(try lookup(reader))
        measures += try replay(reader)
        measures.append(try verify(reader))
        return measures
    }

    private func recordAndSeal() async throws -> [Measure] {
        let before = try Self.anonymousMebibytes()
        let (writer, rate) = try await RecordedTraffic.record(path, events: events)
        defer { writer.close() }
        let memory = try Self.anonymousMebibytes() - before
        return [
            Measure(
                "resident beyond mapped pages, \(events) events on", memory, unit: "MiB",
                atMost: 64),
            Measure(
                "sealing", try RecordedTraffic.seal(writer, events: events), unit: "events/s",
                peer: "recording, 1000 a commit",
                rate, bar: .none),
        ]
    }

    private func atRest(_ reader: LedgerReader) throws -> [Measure] {
        let size = try reader.sealedSize()
        let perEvent = { (bytes: UInt64) in Double(bytes) / Double(size.events) }
        return [
            Measure(
                "at rest, compressed payload", perEvent(size.storedPayload), unit: "B/event",
                peer: "as appended", perEvent(size.payload), bar: .none),
            Measure(
                "at rest, leaf hashes", perEvent(size.leaves), unit: "B/event",
                peer: "SHA-256 of each", 32, bar: .none),
            Measure(
                "at rest, headers and indexes", perEvent(size.indexes), unit: "B/event",
                peer: "a frame's record", 32, bar: .none),
            Measure(
                "at rest without leaf hashes", perEvent(size.storedPayload + size.indexes),
                unit: "B/event", atMost: 40),
        ]
    }

    /// The same calls with the SIP messages that the agent keeps as evidence.
    private func atRestWithDatagrams() async throws -> Measure {
        let path = self.path + "-datagrams"
        let (writer, _) = try await RecordedTraffic.record(
            path, events: max(events / 20, 100_000), datagrams: true)
        defer { writer.close() }
        try writer.seal()
        let size = try writer.reader.sealedSize()
        return Measure(
            "at rest with datagrams, without leaf hashes",
            Double(size.storedPayload + size.indexes) / Double(size.events), unit: "B/event",
            peer: "payload as appended", Double(size.payload) / Double(size.events), bar: .none)
    }

    /// From the directory's path to a writer that takes appends.
    private func opening() throws -> Measure {
        let times = try (0..<5).map { _ in
            let begin = ContinuousClock.now
            let writer = try LedgerWriter.open(path)
            let time = seconds(since: begin) * 1e3
            writer.close()
            return time
        }
        return Measure("open, \(events) events", median(times), unit: "ms", atMost: 100)
    }

    /// All events of one call, by its stream; of calls all over the log.
    private func lookup(_ reader: LedgerReader) throws -> Measure {
        let started = EventKind(rawValue: FactKind.callStarted.rawValue)
        var calls: [StreamID] = []
        var count = 0
        try reader.replay([started]) { event in
            count += 1
            if count % 97 == 0 { calls.append(event.header.stream) }
            return .next
        }
        var random = SystemRandomNumberGenerator()
        let times = try calls.shuffled(using: &random).prefix(1_000).map { call in
            let begin = ContinuousClock.now
            try reader.read(stream: call) { _ in .next }
            return seconds(since: begin) * 1e6
        }
        return Measure(
            "one call's events among \(events), p50", median(times), unit: "us", atMost: 200)
    }

    private func replay(_ reader: LedgerReader) throws -> [Measure] {
        let before = malloc_count()
        let times = try (0..<rounds).map { _ in
            let begin = ContinuousClock.now
            _ = try TrunkOccupancy.replayed(reader)
            return seconds(since: begin)
        }
        let blocks = Double(malloc_count() - before) / Double(events * rounds)
        return [
            Measure(
                "replay: scan, decode, occupancy", Double(events) / median(times),
                unit: "events/s", atLeast: 10_000_000),
            // Rooms for segments and chunks; none for an event.
            Measure("heap blocks a replayed event", blocks, unit: "blocks", atMost: 0.01),
        ]
    }

    private func verify(_ reader: LedgerReader) throws -> Measure {
        let times = try (0..<rounds).map { _ in
            let begin = ContinuousClock.now
            let report = try reader.verify()
            precondition(report.isSound, "a ledger just recorded is sound: \(report.faults)")
            return seconds(since: begin)
        }
        return Measure(
            "verify: chain, tree, payload hashes", Double(events) / median(times),
            unit: "events/s", atLeast: 2_000_000)
    }

    private static func anonymousMebibytes() throws -> Double {
        guard let value = SpawnedProcess.anonymousMebibytes(ofProcess: "self") else {
            preconditionFailure("the kernel tells RssAnon since 4.5")
        }
        return value
    }
}
