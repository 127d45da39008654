import TrunkEvents

/// Datagrams of sources that are neither dialer nor carrier: counted by source and minute, never
/// answered.
struct StrangerCount: Sendable {
    private var minute: WallInstant?
    private var counts: [IPAddress: UInt32] = [:]
    /// When the minute is over.
    private(set) var deadline: MonotonicInstant?

    /// A scan from forged addresses must not fill the log: sources beyond this many in a minute are
    /// counted together under the unspecified address.
    static let sourcesMax = 64
    private static let minuteLength = Nanoseconds.seconds(60)

    mutating func count(_ source: IPAddress, at now: Moment) {
        if minute == nil {
            let length = Self.minuteLength.count
            let start = now.wall.nanoseconds / length * length
            minute = WallInstant(nanoseconds: start)
            let rest = Nanoseconds(start + length - now.wall.nanoseconds)
            deadline = now.monotonic.advanced(by: rest)
        }
        let isKnown = counts[source] != nil || counts.count < Self.sourcesMax
        counts[isKnown ? source : IPAddress(high: 0, low: 0), default: 0] &+= 1
    }

    /// The facts of the minute that is over, sources in order.
    mutating func close() -> [Event] {
        guard let minute else { return [] }
        let facts = counts.sorted { $0.key < $1.key }.map { source, count in
            Event.strangersDropped(
                StrangersDropped(source: source, minute: minute, count: count))
        }
        counts = [:]
        self.minute = nil
        deadline = nil
        return facts
    }
}
