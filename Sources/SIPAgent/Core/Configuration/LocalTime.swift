public import TrunkEvents

/// How far the local clock is ahead of UTC, and since when.
public struct LocalTime: Hashable, Sendable {
    public struct Offset: Hashable, Sendable {
        public var since: WallInstant
        public var seconds: Int64

        public init(since: WallInstant, seconds: Int64) {
            self.since = since
            self.seconds = seconds
        }
    }

    /// In the order of time. The first holds for what was before it, too.
    private let offsets: [Offset]

    public static let utc = LocalTime([])

    public init(_ offsets: [Offset]) {
        self.offsets = offsets
    }

    public func minuteOfWeek(at instant: WallInstant) -> Int {
        let offset = offsets.last { $0.since <= instant } ?? offsets.first
        let seconds = instant.nanoseconds / 1_000_000_000 + (offset?.seconds ?? 0)
        return WeeklyHours.minute(localSeconds: seconds)
    }
}
