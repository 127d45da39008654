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

    /// When the first event was recorded; 1970 for an empty log.
    public static func firstInstant(of reader: LedgerReader) throws -> WallInstant {
        var first = WallInstant(nanoseconds: 0)
        guard try reader.head().position > .zero else { return first }
        try reader.read { view in
            first = WallInstant(nanoseconds: view.header.wallTime)
            return .stop
        }
        return first
    }

    /// The first event whose wall clock showed `instant` or a later time; `nil` when there is none.
    ///
    /// Where the clock was set back, the first pass counts: nothing of the instant comes before.
    public static func firstPosition(
        notBefore instant: WallInstant, in reader: LedgerReader
    ) throws -> Position? {
        var found: Position?
        try reader.read(EventQuery(wallTimes: instant.nanoseconds ... .max)) { view in
            found = view.position
            return .stop
        }
        return found
    }
}
