import Glibc
import Ledger

/// Reads the first event, and then stays inside that read until it is killed: its reader slot
/// pins the log as it was.
///
///     pin LEDGER
struct PinnedRun {
    private let ledger: String

    init(_ arguments: [String]) { ledger = arguments[1] }

    func run() throws {
        try LedgerReader.open(ledger).read { _ in
            print("pinned")
            fflush(nil)
            while true { pause() }
        }
    }
}
