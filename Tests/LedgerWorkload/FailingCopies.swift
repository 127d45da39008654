import CDiskFaults
import Glibc
import Ledger

/// A ledger is backed up, restored or compacted, time and again, and the first, the second, the
/// third... call of a kind fails on the way.
///
///     copy DIRECTORY CALL FAILURE FOREVER(0|1) SEED backup|restore|compact
///
/// In DIRECTORY/N of run N, `ledger` is the original, and `copy` what was made of it. Prints `run
/// N`, then how the work ended, then `end N`.
struct FailingCopies {
    private let directory: String
    private let call: UInt32
    private let failure: Int32
    private let forever: Int32
    private let seed: UInt64
    private let work: String

    init(_ arguments: [String]) {
        directory = arguments[1]
        call = arguments.number(2)
        failure = arguments.number(3)
        forever = arguments.number(4)
        seed = arguments.number(5)
        work = arguments[6]
    }

    func run() throws {
        var nth: UInt64 = 1
        while try run(nth) { nth += 1 }
    }

    /// False when nothing failed any more.
    private func run(_ nth: UInt64) throws -> Bool {
        let path = "\(directory)/\(nth)"
        let ledger = "\(path)/ledger"
        mkdir(path, 0o700)
        try Self.makeLedger(ledger, seed)
        print("run \(nth)")
        disk_faults_watch(work == "compact" ? ledger : "\(path)/copy")
        disk_faults_fail(call, failure, nth, forever)
        do throws(LedgerError) {
            switch work {
            case "backup": _ = try LedgerReader.open(ledger).backUp(to: "\(path)/copy")
            case "restore": _ = try LedgerReader.open(ledger).restore(to: "\(path)/copy")
            default: _ = try LedgerCompaction.compact(ledger)
            }
            print("done")
        } catch {
            print("refused \(error.code)")
        }
        let failed = disk_faults_stop_failing()
        disk_faults_watch("")
        print("end \(nth)")
        return failed > 0
    }

    /// A few batches, most of them sealed, some signed.
    static func makeLedger(_ path: String, _ seed: UInt64) throws {
        let writer = try LedgerWriter.open(path, options: LedgerWorkload.options)
        defer { writer.close() }
        for number in 0..<24 as Range<UInt32> {
            let done = Signal()
            let batch = WorkloadBatch(seed: seed, producer: 0, number: number).batch
            writer.append(batch) { _ in done.raise() }
            done.wait()
            if number == 10 || number == 18 { try writer.seal() }
            if number == 15 { _ = try writer.checkpoint(with: writer.signingKey()) }
        }
    }
}
