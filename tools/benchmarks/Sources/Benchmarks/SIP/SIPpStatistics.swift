import ArgumentParser
import Foundation

/// SIPp's statistics file: a line a second.
struct SIPpStatistics {
    let successful: Int
    let failed: Int
    let retransmissions: Int
    /// Calls placed in the seconds that placed calls, as a median: a SIPp that is asked for more
    /// than it can do is slower than it was told, and fails nothing.
    let placedPerSecond: Double

    init(file: URL) throws {
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let rows = lines.map { $0.split(separator: ";", omittingEmptySubsequences: false) }
        let column = { (name: String) throws -> [Substring] in
            guard let column = rows.first?.firstIndex(where: { $0 == name }) else {
                throw CleanExit.message("SIPp wrote no \(name) to \(file.path)")
            }
            return rows.dropFirst().compactMap { $0.indices.contains(column) ? $0[column] : nil }
        }
        let count = { (name: String) throws -> Int in
            try column(name).last.flatMap { Int($0) } ?? 0
        }
        let rates = try column("CallRate(P)").compactMap { Double($0) }.filter { $0 > 0 }
        placedPerSecond = rates.isEmpty ? 0 : median(rates)
        successful = try count("SuccessfulCall(C)")
        failed = try count("FailedCall(C)")
        retransmissions = try count("Retransmissions(C)")
    }
}
