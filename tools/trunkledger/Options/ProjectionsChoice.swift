import Ledger
import Projections
import TrunkEvents

extension LedgerChoice {
    /// What the log says now, folded in memory from what the agent has saved.
    ///
    /// - Parameter needed: what the answer comes from. Others may have stopped.
    func projections(_ needed: any Projection.Type...) throws -> LedgerProjections {
        let path = try path()
        let reader = try reader()
        var projections = try LedgerProjections(ledger: path, reader: reader, mode: .reader)
        let progress = Progress("reading what is not saved")
        try projections.catchUp { progress.update($0, of: $1) }
        progress.end()
        try projections.check(needed)
        return projections
    }
}

/// A trunk that was asked for by name.
enum TrunkChoice {
    /// - Throws: where no trunk of the ledger has this name.
    static func find(
        _ text: String?, in occupancy: TrunkOccupancy
    ) throws(CommandFailure) -> TrunkName? {
        guard let text else { return nil }
        if let name = TrunkName(text), occupancy.trunks[name] != nil { return name }
        let known = occupancy.trunks.keys.map(\.description).sorted().joined(separator: ", ")
        throw CommandFailure(
            .badInput,
            "no trunk is named '\(text)' in this ledger; "
                + (known.isEmpty ? "it knows none yet" : "it knows \(known)"))
    }
}
