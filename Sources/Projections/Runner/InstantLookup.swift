public import Ledger
public import TrunkEvents

/// Finds the place of an instant in the log.
public enum InstantLookup {
    /// The last event whose wall clock did not show a later time than `instant`; `.zero` before
    /// the first.
    ///
    /// Where the clock was set back, an instant came twice: the later pass counts, since the
    /// clock was set because it had been wrong.
    public static func lastPosition(
        notAfter instant: WallInstant, in reader: LedgerReader
    ) throws -> Position {
        var found = Position.zero
        let query = EventQuery(wallTimes: .min...instant.nanoseconds, direction: .backwards)
        try reader.read(query) { view in
            found = view.position
            return .stop
        }
        return found
    }
}
