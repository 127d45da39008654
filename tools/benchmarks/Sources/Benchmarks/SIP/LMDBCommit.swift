import ArgumentParser
import Foundation
import PlainLMDB

/// What a durable commit costs on the disk that is measured on, in plain C on LMDB.
enum LMDBCommit {
    private static let rounds = 50
    /// About what the agent commits at once at 300 calls a second.
    private static let events = (count: 40, bytes: 250)

    static func milliseconds(in scratch: URL) throws -> Double {
        let directory = scratch.appendingPathComponent("commits")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        guard let store = plain_lmdb_open(directory.path) else {
            throw CleanExit.message("LMDB does not open \(directory.path)")
        }
        defer { plain_lmdb_close(store) }
        let event = [UInt8](repeating: 0, count: events.bytes)
        let spans = try (0..<rounds).map { _ in
            let begin = ContinuousClock.now
            guard plain_lmdb_append(store, event, event.count, events.count) == 0 else {
                throw CleanExit.message("LMDB does not append in \(directory.path)")
            }
            return seconds(since: begin) * 1_000
        }
        return median(spans)
    }
}
