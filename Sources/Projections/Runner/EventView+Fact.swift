import Ledger
import TrunkEvents

extension EventView {
    /// Hands out the fact where it lies.
    @inline(__always)  // what is done with a fact is compiled into the loop over events
    func withFact(
        _ body: (borrowing FactView, Stamp) throws(ProjectionFault) -> Void
    ) throws(ProjectionFault) {
        guard let kind = FactKind(rawValue: header.kind.rawValue) else {
            // Nobody here can say what such an event changes: every fold stops at it.
            throw ProjectionFault(unreadable: .unknownKind(header.kind.rawValue), at: position)
        }
        let fact = FactView(kind: kind, version: header.schemaVersion, payload: payload)
        try body(fact, Stamp(self))
    }
}
