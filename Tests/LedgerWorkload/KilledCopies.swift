import Foundation
import Glibc
import Ledger

/// One backup after the other is made of a ledger that is appended to and sealed, until the
/// process kills itself.
///
///     backups LEDGER BACKUP SEED FIRST MICROSECONDS     the first batch's number; the kill's delay
struct KilledCopies {
    private let ledger: String
    private let backup: String
    private let seed: UInt64
    private let first: UInt32
    private let delay: UInt32

    init(_ arguments: [String]) {
        ledger = arguments[1]
        backup = arguments[2]
        seed = arguments.number(3)
        first = arguments.number(4)
        delay = arguments.number(5)
    }

    func run() throws {
        let writer = try LedgerWriter.open(ledger, options: LedgerWorkload.options)
        let seed = seed
        let first = first
        Thread.detachNewThread {
            var number = first
            while true {
                let done = Signal()
                let batch = WorkloadBatch(seed: seed, producer: 0, number: number).batch
                writer.append(batch) { _ in done.raise() }
                done.wait()
                number += 1
                if number % 8 == 0 { _ = try? writer.seal() }
            }
        }
        let backup = backup
        Thread.detachNewThread {
            while true { _ = try? writer.reader.backUp(to: backup) }
        }
        usleep(delay)
        kill(getpid(), SIGKILL)
    }
}
