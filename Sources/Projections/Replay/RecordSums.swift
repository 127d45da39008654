import Ledger
import TrunkEvents

/// The sums over the records that are closed up to an event: over saved ones as far as these go,
/// and then over those of a fold.
struct RecordSums: Sendable {
    private var runner: ProjectionRunner<CallDetailRecords>
    private(set) var totals: [TrunkName: TrunkTotals] = [:]
    private var counted = Position.zero

    init(_ runner: ProjectionRunner<CallDetailRecords> = ProjectionRunner()) {
        self.runner = runner
    }

    /// Up to this event the records are there and need not be folded.
    var knownThrough: Position { runner.position }

    /// Takes the next event; known ones are left aside.
    mutating func apply(_ fact: borrowing FactView, at stamp: Stamp) {
        runner.apply(fact, at: stamp)
    }

    /// Adds the records that were closed since the last time.
    mutating func count(through position: Position) throws {
        if let fault = runner.fault { throw fault }
        guard position > counted else { return }
        var totals = totals
        try runner.forEach(closedIn: counted.next...position) { row in
            totals[row.trunk, default: TrunkTotals()].add(row)
        }
        self.totals = totals
        counted = position
    }
}
