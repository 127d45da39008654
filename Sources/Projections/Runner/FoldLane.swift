import Dispatch
import Ledger

/// A stretch of the log, decoded, as folds take it.
struct FoldStretch: Sendable {
    /// In order, up to an event that cannot be read.
    var entries: [LogEntry] = []
    var unreadable: ProjectionFault?

    mutating func add(_ view: borrowing EventView) {
        guard unreadable == nil else { return }
        do throws(ProjectionFault) {
            entries.append(try LogEntry(needed: view))
        } catch {
            unreadable = error
        }
    }
}

/// Folds that share a thread: lanes run side by side, and each one sees the log in its order, so
/// that no result depends on how many there are.
///
/// A lane has closures and no protocol: made where the projections are known, they are compiled for
/// them. What a protocol's table has for a generic type would be looked up anew for every event.
// @unchecked: the closures and what they hold are called on `queue` alone.
final class FoldLane: @unchecked Sendable {
    /// Stretches that may wait: enough that no thread stands still, few enough to hold.
    private static let stretchesMax = 4

    private let queue = DispatchQueue(label: "trunkledger.fold")
    private let room = DispatchSemaphore(value: FoldLane.stretchesMax)
    private let apply: (FoldStretch) throws(LedgerError) -> Void
    private let end: () throws(LedgerError) -> [RebuildReport]
    private var failure: LedgerError?

    init(_ records: Rebuild<CallDetailRecords>) {
        var records = records
        apply = { stretch throws(LedgerError) in try records.apply(stretch) }
        end = { () throws(LedgerError) in [try records.finish()] }
    }

    init(_ others: OtherRebuilds) {
        var others = others
        apply = { stretch throws(LedgerError) in try others.apply(stretch) }
        end = { () throws(LedgerError) in try others.finish() }
    }

    /// Waits while the lane is too far behind.
    func take(_ stretch: FoldStretch) {
        room.wait()
        queue.async {
            self.fold(stretch)
            self.room.signal()
        }
    }

    private func fold(_ stretch: FoldStretch) {
        guard failure == nil else { return }
        do throws(LedgerError) {
            try apply(stretch)
        } catch {
            failure = error
        }
    }

    /// Waits for what was taken.
    func finish() throws(LedgerError) -> [RebuildReport] {
        try queue.sync { () -> Result<[RebuildReport], LedgerError> in
            if let failure { return .failure(failure) }
            do throws(LedgerError) {
                return .success(try end())
            } catch {
                return .failure(error)
            }
        }.get()
    }
}
