import CallTraffic
import Foundation
import Ledger

/// A call centre's traffic in a ledger, as it is found after days of work.
enum RecordedTraffic {
    private static let batchEvents = 1_000
    /// The newest events, which stay frames: as many as the background's sealing leaves, at least
    /// ``SealingPolicy/keptEvents`` and on average half a segment more.
    static let frameEvents = SealingPolicy().keptEvents + SealingPolicy().segmentEvents / 2

    /// The next batch is made while the one before it is on its way to the disk.
    ///
    /// - Returns: the writer, and the events recorded a second.
    static func record(
        _ path: String, events: Int, datagrams: Bool = false
    ) async throws -> (writer: LedgerWriter, rate: Double) {
        let writer = try LedgerWriter.open(path)
        var traffic = CallTraffic(seed: 1, datagrams: datagrams)
        var inFlight: Task<AppendReceipt, any Error>?
        let begin = ContinuousClock.now
        var left = events
        while left > 0 {
            var batch = EventBatch()
            traffic.fill(&batch, min(left, Self.batchEvents))
            left -= batch.count
            let next = batch
            let task = Task { try await writer.append(next) }
            _ = try await inFlight?.value
            inFlight = task
        }
        _ = try await inFlight?.value
        return (writer, Double(events) / seconds(since: begin))
    }

    /// Seals all but the newest events, in segments as large as the background's sealing makes
    /// them.
    ///
    /// - Returns: events sealed a second.
    static func seal(_ writer: LedgerWriter, events: Int) throws -> Double {
        let begin = ContinuousClock.now
        let step = SealingPolicy().segmentEvents
        for limit in stride(from: step, through: UInt64(events) - frameEvents, by: Int(step)) {
            try writer.seal(through: Position(rawValue: limit))
        }
        let sealed = try writer.reader.sealedSize().events
        return Double(sealed) / seconds(since: begin)
    }
}
