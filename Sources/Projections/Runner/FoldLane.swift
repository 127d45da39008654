import Ledger

/// Folds that share a thread: lanes run side by side, and each one sees the log in its order, so
/// that no result depends on how many there are.
///
/// A lane has closures and no protocol: made where the projections are known, they are compiled for
/// them. What a protocol's table has for a generic type would be looked up anew for every event.
// @unchecked: the closures and what they hold are called on `queue`, or once that is finished.
final class FoldLane: @unchecked Sendable {
    private let queue = WorkQueue("fold", waitingMax: 8)
    private let apply: (EventStretch) -> Void
    private let endFolds: () -> Void
    private let report: () throws(LedgerError) -> [RebuildReport]

    init(_ records: Rebuild<CallDetailRecords>) {
        var records = records
        apply = { records.apply($0) }
        endFolds = { records.end() }
        report = { () throws(LedgerError) in [try records.report()] }
    }

    init(_ others: OtherRebuilds) {
        var others = others
        apply = { others.apply($0) }
        endFolds = { others.end() }
        report = { () throws(LedgerError) in try others.reports() }
    }

    /// Waits while the lane is too far behind.
    func take(_ stretch: EventStretch) {
        queue.add { self.apply(stretch) }
    }

    /// No stretch comes any more.
    func end() { queue.add { self.endFolds() } }

    /// Waits for what was taken and for its end.
    func reports() throws(LedgerError) -> [RebuildReport] {
        queue.finish()
        return try report()
    }
}
