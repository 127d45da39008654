import TrunkEvents

/// What is dropped unanswered, counted by source and minute: whatever comes from sources that are
/// neither dialer nor carrier, and requests of those that are, beyond what they may send.
struct DropCount: Sendable {
    private struct Drop: Hashable {
        var source: IPAddress
        /// `nil`: a stranger's.
        var cause: DropCause?
    }

    private var minute: WallInstant?
    private var counts: [Drop: UInt32] = [:]
    /// When the minute is over.
    private(set) var deadline: MonotonicInstant?

    /// A scan from forged addresses must not fill the log: sources beyond this many in a minute are
    /// counted together under the unspecified address.
    static let sourcesMax = 64
    private static let minuteLength = Nanoseconds.seconds(60)

    /// - Parameter cause: `nil` for a stranger.
    mutating func count(_ source: IPAddress, _ cause: DropCause? = nil, at now: Moment) {
        if minute == nil {
            let length = Self.minuteLength.count
            let start = now.wall.nanoseconds / length * length
            minute = WallInstant(nanoseconds: start)
            let rest = Nanoseconds(start + length - now.wall.nanoseconds)
            deadline = now.monotonic.advanced(by: rest)
        }
        var drop = Drop(source: source, cause: cause)
        if counts[drop] == nil, counts.count >= Self.sourcesMax {
            drop.source = IPAddress(high: 0, low: 0)
        }
        counts[drop, default: 0] &+= 1
    }

    /// The facts of the minute that is over, sources in order.
    mutating func close() -> [Event] {
        guard let minute else { return [] }
        let ordered = counts.sorted { left, right in
            let (first, second) = (left.key, right.key)
            if first.source != second.source { return first.source < second.source }
            return (first.cause?.rawValue ?? 0) < (second.cause?.rawValue ?? 0)
        }
        counts = [:]
        self.minute = nil
        deadline = nil
        return ordered.map { drop, count in
            guard let cause = drop.cause else {
                return .strangersDropped(
                    StrangersDropped(source: drop.source, minute: minute, count: count))
            }
            return .requestsDropped(
                RequestsDropped(source: drop.source, minute: minute, cause: cause, count: count))
        }
    }
}
