import TrunkEvents

/// A projection that is rebuilt: nobody asks for its rows meanwhile, they only go to pages.
protocol PagedFold: Projection {
    /// Takes the next event, and packs the rows that it finishes. One that finishes millions packs
    /// them without making a row first.
    mutating func apply(
        _ fact: borrowing FactView, at stamp: Stamp, packing rows: inout RowPacker<Self>
    ) throws(ProjectionFault)
}

extension PagedFold {
    @inline(__always)  // a few instructions for most events
    mutating func apply(
        _ fact: borrowing FactView, at stamp: Stamp, packing rows: inout RowPacker<Self>
    ) throws(ProjectionFault) {
        try apply(fact, at: stamp, finished: &rows.finished)
        if !rows.finished.isEmpty { rows.packFinished() }
    }
}

extension OccupancyHistory: PagedFold {}
extension CarrierUptime: PagedFold {}
extension AgentLife: PagedFold {}
extension ExportHistory: PagedFold {}
extension RateDeckHistory: PagedFold {}
extension OpenCallFacts: PagedFold {}

extension CallDetailRecords: PagedFold {
    mutating func apply(
        _ fact: borrowing FactView, at stamp: Stamp, packing rows: inout RowPacker<Self>
    ) throws(ProjectionFault) {
        do throws(FactDecodingError) {
            try read(fact, at: stamp, into: &rows)
        } catch {
            throw ProjectionFault(unreadable: error, at: stamp.position)
        }
    }
}
