import Ledger
import TrunkEvents

extension CarrierUptime {
    /// What each subject is in after the event at `last`, and why, without reading every event
    /// before: since when may be told wrongly, as a silence of the agent is seen in all of them.
    static func causes(
        _ reader: LedgerReader, through last: Position
    ) throws -> CarrierUptime {
        // Of the newest events every one, so that the agent's last sign of life is among them.
        let whole = Position(
            rawValue: last.rawValue - min(last.rawValue, OccupancyHistory.stride)).next
        var uptime = try folded(reader, kindsOfTrunks, through: whole.previous)
        if uptime.learnsFromCalls {
            uptime = try folded(
                reader, kindsOfTrunks.union(kindsOfCalls), through: whole.previous)
        }
        try uptime.fold(reader, nil, from: whole, through: last)
        return uptime
    }

    private static func folded(
        _ reader: LedgerReader, _ kinds: FactKinds, through last: Position
    ) throws -> CarrierUptime {
        var uptime = CarrierUptime()
        try uptime.fold(reader, kinds, from: .first, through: last)
        return uptime
    }

    private mutating func fold(
        _ reader: LedgerReader, _ kinds: FactKinds?, from first: Position, through last: Position
    ) throws {
        guard first <= last else { return }
        var spans: [UptimeSpan] = []
        try reader.replay(kinds?.eventKinds, from: first, through: last) { view in
            spans.removeAll(keepingCapacity: true)
            try view.withFact { (fact, stamp) throws(ProjectionFault) in
                try apply(fact, at: stamp, finished: &spans)
            }
            return .next
        }
    }
}
