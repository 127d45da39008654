import ArgumentParser
import Foundation

/// The last line of SIPp's statistics file.
struct SIPpStatistics {
    let successful: Int
    let failed: Int
    let retransmissions: Int

    init(file: URL) throws {
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        let rows = lines.map { $0.split(separator: ";", omittingEmptySubsequences: false) }
        let count = { (name: String) throws -> Int in
            guard let names = rows.first, let last = rows.last,
                let column = names.firstIndex(where: { $0 == name }),
                last.indices.contains(column), let value = Int(last[column])
            else { throw CleanExit.message("SIPp wrote no \(name) to \(file.path)") }
            return value
        }
        successful = try count("SuccessfulCall(C)")
        failed = try count("FailedCall(C)")
        retransmissions = try count("Retransmissions(C)")
    }
}
