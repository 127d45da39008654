import CDiskFaults
import Glibc
import Ledger
import TestSupport

/// Random steps by one thread, with every write and flush of the log in a trace, and a mark for
/// each batch that was acknowledged.
///
///     trace LEDGER TRACE SEED STEPS WITHIN [CALL FAILURE NTH]
///
/// With WITHIN, in microseconds, a power cut may take the newest commit; `-` for nothing. The last
/// three name one call that fails.
struct TracedRun {
    private let ledger: String
    private let trace: String
    private let seed: UInt64
    private let steps: Int
    private let options: LedgerOptions
    private let fault: (call: UInt32, failure: Int32, nth: UInt64)?

    init(_ arguments: [String]) {
        ledger = arguments[1]
        trace = arguments[2]
        seed = arguments.number(3)
        steps = arguments.number(4)
        options = LedgerWorkload.sealingOptions(
            arguments[5] == "-"
                ? .losesNothing
                : .losesNewestCommitOnPowerCut(within: .microseconds(arguments.number(5) as Int)))
        fault =
            arguments.count > 6
            ? (arguments.number(6), arguments.number(7), arguments.number(8)) : nil
    }

    func run() throws {
        disk_faults_watch(ledger)
        let code = disk_faults_trace(trace)
        precondition(code == 0, "the trace can be written")
        var generator = SeededGenerator(seed: seed)
        var writer = try LedgerWriter.open(ledger, options: options)
        if let fault { disk_faults_fail(fault.call, fault.failure, fault.nth, 0) }
        var next: UInt32 = 0
        for _ in 0..<steps {
            switch UInt8.random(in: 0..<16, using: &generator) {
            case 0:
                writer.close()
                // An opening that a fault met is done again.
                for _ in 0..<3 {
                    guard let opened = try? LedgerWriter.open(ledger, options: options)
                    else { continue }
                    writer = opened
                    break
                }
            case 1...4:
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    append(&next, to: writer) {}
                }
                appendAndWait(&next, to: writer)
            case 6, 7: appendInFlight(&next, count: 8, atOnce: 3, to: writer)
            // A fault that it meets is its own: nothing is lost by it.
            case 5: _ = try? writer.seal()
            default: appendAndWait(&next, to: writer)
            }
        }
        writer.close()
    }

    private func appendAndWait(_ next: inout UInt32, to writer: LedgerWriter) {
        let done = Signal()
        append(&next, to: writer) { done.raise() }
        done.wait()
    }

    /// Each is appended when the one `atOnce` before it was answered.
    private func appendInFlight(
        _ next: inout UInt32, count: Int, atOnce: Int, to writer: LedgerWriter
    ) {
        let answers = (0..<count).map { _ in Signal() }
        for index in 0..<count {
            if index >= atOnce { answers[index - atOnce].wait() }
            append(&next, to: writer) { answers[index].raise() }
        }
        for answer in answers.suffix(atOnce) { answer.wait() }
    }

    /// The mark comes before the completion returns: nobody could know earlier.
    private func append(
        _ next: inout UInt32, to writer: LedgerWriter, _ finished: @escaping @Sendable () -> Void
    ) {
        let number = next
        next += 1
        let batch = WorkloadBatch(seed: seed, producer: 0, number: number).batch
        writer.append(batch) { result in
            if case .success = result { disk_faults_acknowledge(UInt64(number)) }
            finished()
        }
    }
}
