public import Ledger
import TrunkEvents

extension Projection {
    /// The state and the rows after the events up to `through`, or up to the head, folded from the
    /// first event on: what the running agent has as ``LedgerProjections``, byte for byte.
    ///
    /// All processors read ahead, and only facts of ``kinds`` are decoded.
    ///
    /// - Throws: ``ProjectionFault`` where the fold or a payload stops it, and ``LedgerError``.
    public static func replayed(
        _ reader: LedgerReader, through: Position? = nil
    ) throws -> (state: Self, rows: [Row]) {
        var state = forWholeLog()
        var rows: [Row] = []
        try reader.replay(eventKinds, through: through) { view in
            try view.withFact { (fact, stamp) throws(ProjectionFault) in
                try state.apply(fact, at: stamp, finished: &rows)
            }
            return .next
        }
        return (state, rows)
    }
}
