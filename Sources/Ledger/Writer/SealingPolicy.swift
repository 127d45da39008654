/// Which frames a writer seals by itself: the newest events stay frames, which are read without
/// decompressing anything, and the rest becomes segments of a good size.
public struct SealingPolicy: Hashable, Sendable {
    /// The newest events, which stay frames.
    public var keptEvents: UInt64
    /// How many events there must be behind those before a segment is made of them.
    public var segmentEvents: UInt64
    /// Nanoseconds. When the oldest frame's wall time is longer ago, all frames but the last are
    /// sealed, however few they are: what leaves the machine by segment is never older than that.
    public var ageNanoseconds: Int64

    /// By default segments of 32,768 events behind the newest 4,096, and one a day at least: a
    /// reader's first lookup passes over every frame's records, and over a sealed segment's filter
    /// only.
    public init(
        keptEvents: UInt64 = 4_096,
        segmentEvents: UInt64 = 32_768,
        ageNanoseconds: Int64 = 86_400_000_000_000
    ) {
        precondition(segmentEvents > 0, "a segment holds at least one event")
        self.keptEvents = keptEvents
        self.segmentEvents = segmentEvents
        self.ageNanoseconds = ageNanoseconds
    }

    /// The first event that is not sealed.
    struct Tail: Hashable {
        var first: Position
        var wallTime: Int64
    }

    /// The last position to be sealed now, if any is. `now` is a wall time like the events'.
    func limit(tail: Tail, head: Position, now: Int64) -> Position? {
        let count = head.rawValue - tail.first.rawValue + 1
        if count >= keptEvents, count - keptEvents >= segmentEvents {
            return Position(rawValue: head.rawValue - keptEvents)
        }
        let age = now.subtractingReportingOverflow(tail.wallTime)
        return !age.overflow && age.partialValue >= ageNanoseconds ? head : nil
    }
}

/// What became of the sealing that a ``SealingPolicy`` asks for.
public enum SealingNotice: Hashable, Sendable {
    /// Every event up to here is in a segment.
    case sealed(through: Position)
    /// Refused, e.g. by a full disk. Nothing is lost, appends go on, and it is tried again after
    /// so many nanoseconds.
    case postponed(LedgerError, nanoseconds: UInt64)
    /// What is to be sealed is damaged: nothing more is sealed until the ledger is opened again.
    case ended(LedgerError)
}
