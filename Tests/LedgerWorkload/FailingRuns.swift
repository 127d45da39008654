import CDiskFaults
import Glibc
import Ledger
import Synchronization

/// One short run after another, each in a directory of its own, in which the first, the second,
/// the third... call of a kind fails, until there are no more such calls.
///
///     fail DIRECTORY CALL FAILURE FOREVER(0|1) SEED BATCHES
///
/// Prints for each run `run N`, then what became of each opening and batch, then `end N`.
struct FailingRuns {
    private let directory: String
    private let call: UInt32
    private let failure: Int32
    private let forever: Int32
    private let seed: UInt64
    private let batches: UInt32

    init(_ arguments: [String]) {
        directory = arguments[1]
        call = arguments.number(2)
        failure = arguments.number(3)
        forever = arguments.number(4)
        seed = arguments.number(5)
        batches = arguments.number(6)
    }

    func run() {
        disk_faults_watch(directory)
        var nth: UInt64 = 1
        while run(nth) { nth += 1 }
    }

    /// False when nothing failed any more.
    private func run(_ nth: UInt64) -> Bool {
        print("run \(nth)")
        disk_faults_fail(call, failure, nth, forever)
        if let writer = open(nth) {
            for number in 0..<batches {
                append(number, to: writer)
                // A fault that it meets is its own: what is appended next is not.
                if number == batches / 2 { _ = try? writer.seal() }
            }
            _ = try? writer.seal()
            writer.close()
        }
        let failed = disk_faults_stop_failing()
        print("end \(nth)")
        return failed > 0
    }

    private func open(_ nth: UInt64) -> LedgerWriter? {
        // A call that fails once may meet the opening; the second one is then sound.
        for _ in 0..<2 {
            do {
                return try LedgerWriter.open(
                    "\(directory)/\(nth)", options: LedgerWorkload.options)
            } catch {
                print("unopened \(error.code)")
            }
        }
        return nil
    }

    private func append(_ number: UInt32, to writer: LedgerWriter) {
        let done = Signal()
        let answer = Mutex("")
        writer.append(WorkloadBatch(seed: seed, producer: 0, number: number).batch) { result in
            answer.withLock { answer in
                switch result {
                case .success(let receipt): answer = "acked \(number) \(receipt.last)"
                case .failure(let error): answer = "failed \(number) \(error.code)"
                }
            }
            done.raise()
        }
        done.wait()
        print(answer.withLock { $0 })
    }
}
