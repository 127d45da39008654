import Ledger
import TrunkEvents

/// Which events are wanted. What the envelope can tell is asked before the payload is decoded.
struct EventFilter {
    var from: WallInstant?
    var to: WallInstant?
    var kinds: Set<UInt16> = []
    var trunk: TrunkName?

    func admits(_ header: EventHeader) -> Bool {
        if let from, header.wallTime < from.nanoseconds { return false }
        if let to, header.wallTime >= to.nanoseconds { return false }
        return kinds.isEmpty || kinds.contains(header.kind.rawValue)
    }

    func admits(_ row: EventRow) -> Bool {
        trunk.map { row.concerns($0) } ?? true
    }
}
