/// Which events a reader wants: those that are all that is asked. By default every one.
///
///     EventQuery(streams: [call], direction: .backwards)
///     EventQuery(kinds: [seized, released], wallTimes: from...to)
public struct EventQuery: Hashable, Sendable {
    /// The order in which the events come.
    public enum Direction: Hashable, Sendable {
        /// From the lowest position on.
        case forwards
        /// From the highest position on.
        case backwards
    }

    /// The lowest position wanted.
    public var from: Position
    /// The highest position wanted; `nil` for all that is recorded. Nothing is found where it is
    /// below `from`.
    public var through: Position?
    /// Events of these streams only; `nil` for all.
    public var streams: Set<StreamID>?
    /// Events of these kinds only, whatever their schema version; `nil` for all.
    public var kinds: Set<EventKind>?
    /// Events whose ``EventHeader/wallTime`` is one of these, in nanoseconds; `nil` for all. Wall
    /// clocks step: what is found need not lie together.
    public var wallTimes: ClosedRange<Int64>?
    public var direction: Direction

    public init(
        from: Position = .first, through: Position? = nil, streams: Set<StreamID>? = nil,
        kinds: Set<EventKind>? = nil, wallTimes: ClosedRange<Int64>? = nil,
        direction: Direction = .forwards
    ) {
        self.from = from
        self.through = through
        self.streams = streams
        self.kinds = kinds
        self.wallTimes = wallTimes
        self.direction = direction
    }
}
