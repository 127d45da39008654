public import TrunkEvents

/// A projection that reads its facts where they lie: it sees every event of the log, and needs
/// little of most.
public protocol FactFold: Projection {
    /// Takes the next event and appends the rows that it finishes. Reads what it needs of the fact
    /// before it changes anything.
    mutating func read(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [Row]
    ) throws(FactDecodingError)
}

extension FactFold {
    @inline(__always)  // it only turns one error into another
    public mutating func apply(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [Row]
    ) throws(ProjectionFault) {
        do throws(FactDecodingError) {
            try read(fact, at: stamp, finished: &rows)
        } catch {
            throw ProjectionFault(unreadable: error, at: stamp.position)
        }
    }

    /// For whoever has the event decoded already.
    public mutating func apply(_ entry: LogEntry, finished rows: inout [Row]) {
        var payload: [UInt8] = []
        entry.event.encode(into: &payload)
        let fact = FactView(
            kind: entry.event.kind, version: entry.event.version, payload: payload.span.bytes)
        do throws(FactDecodingError) {
            try read(fact, at: entry.stamp, finished: &rows)
        } catch {
            preconditionFailure("what was encoded here can be decoded: \(error)")
        }
    }
}
