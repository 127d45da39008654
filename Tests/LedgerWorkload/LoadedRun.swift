import Foundation
import Glibc
import Ledger

/// Several producers append as fast as they can, and what they append is sealed behind them, until
/// the process kills itself, wherever its threads are.
///
///     load LEDGER SEED PRODUCERS MICROSECONDS [FIRST...]   the kill's delay; where each begins
///
/// Prints `acked PRODUCER NUMBER LAST` for each batch once it is durable.
struct LoadedRun {
    private let ledger: String
    private let seed: UInt64
    private let producers: UInt16
    private let delay: UInt32
    private let firsts: [UInt32]

    init(_ arguments: [String]) {
        ledger = arguments[1]
        seed = arguments.number(2)
        producers = arguments.number(3)
        delay = arguments.number(4)
        firsts = arguments.dropFirst(5).compactMap { UInt32($0) }
    }

    func run() throws {
        let writer = try LedgerWriter.open(ledger, options: LedgerWorkload.sealingOptions())
        for producer in 0..<producers {
            Thread.detachNewThread { append(as: producer, to: writer) }
        }
        Thread.detachNewThread {
            while true {
                _ = try? writer.seal()
                usleep(500)
            }
        }
        usleep(delay)
        kill(getpid(), SIGKILL)
    }

    private func append(as producer: UInt16, to writer: LedgerWriter) {
        var number = producer < firsts.count ? firsts[Int(producer)] : 0
        while true {
            let acknowledged = number
            let batch = WorkloadBatch(seed: seed, producer: producer, number: number)
            let done = Signal()
            writer.append(batch.batch) { result in
                if case .success(let receipt) = result {
                    Self.say("acked \(producer) \(acknowledged) \(receipt.last)\n")
                }
                done.raise()
            }
            done.wait()
            number += 1
        }
    }

    /// One write(2), so that a line is there whole, or not at all.
    private static func say(_ line: String) {
        var line = line
        line.withUTF8 { _ = write(1, $0.baseAddress, $0.count) }
    }
}
