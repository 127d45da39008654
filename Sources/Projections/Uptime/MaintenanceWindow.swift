public import TrunkEvents

/// Time that was agreed to be out of service, and does not count against a carrier.
public enum MaintenanceWindow: Hashable, Sendable {
    case once(Range<WallInstant>)
    /// Hours of every week, on a clock that is so many seconds ahead of UTC.
    case weekly(WeeklyHours, zoneSeconds: Int64)

    /// Two RFC 3339 instants, `2026-12-06T02:00:00Z/2026-12-05T23:00:00-05:00`, or hours of the
    /// week in UTC, `sun 02:00-04:00`, or with another zone behind them: `sun 02:00-04:00 -05:00`.
    /// `nil` for anything else.
    public init?(_ text: String) {
        let ends = text.split(separator: "/", omittingEmptySubsequences: false)
        if ends.count == 2 {
            guard let from = Self.instant(ends[0]), let to = Self.instant(ends[1]), from < to else {
                return nil
            }
            self = .once(from..<to)
            return
        }
        var words = text.split(separator: " ")
        var zone: Int64 = 0
        if let last = words.last, let seconds = Self.zoneSeconds(last) {
            zone = seconds
            words.removeLast()
        }
        guard let hours = WeeklyHours(words.joined(separator: " ")) else { return nil }
        self = .weekly(hours, zoneSeconds: zone)
    }

    private static func instant(_ text: Substring) -> WallInstant? {
        let bytes = Array(text.utf8)
        guard bytes.count > 10, bytes[10] == UInt8(ascii: "T"),
            let time = CivilTime(bytes[...], order: .ymd), time.zoneSeconds != nil
        else { return nil }
        return time.nanoseconds(zone: 0).map { WallInstant(nanoseconds: $0) }
    }

    private static func zoneSeconds(_ text: Substring) -> Int64? {
        if text == "Z" || text == "UTC" { return 0 }
        let parts = text.dropFirst().split(separator: ":").map { Int64($0) }
        guard let sign = text.first, sign == "+" || sign == "-", parts.count == 2,
            let hours = parts[0], let minutes = parts[1], (0...14).contains(hours),
            (0..<60).contains(minutes)
        else { return nil }
        return (hours * 3_600 + minutes * 60) * (sign == "-" ? -1 : 1)
    }

    /// The stretches of `range` that lie in the window.
    func stretches(in range: Range<WallInstant>) -> [Range<WallInstant>] {
        switch self {
        case .once(let window): [window.clamped(to: range)].filter { !$0.isEmpty }
        case .weekly(let hours, let zone):
            hours.stretches(in: range, zoneSeconds: zone)
        }
    }
}

/// What does not count in an availability.
public struct UptimeExclusions: Hashable, Sendable {
    /// For every carrier and trunk.
    public var everywhere: [MaintenanceWindow] = []
    /// In place of those that the log holds, for all time; `nil`: the log's.
    public var ofTrunks: [TrunkName: [MaintenanceWindow]]?
    /// A shorter outage counts as up.
    public var minimumOutage = Nanoseconds.zero

    public init() {}

    /// The excluded stretches of `range`, in order and apart from each other. A carrier is in
    /// maintenance while all its trunks are.
    func stretches(
        of subject: UptimeSubject, trunks: [TrunkName], in range: Range<WallInstant>,
        recorded: MaintenanceHistory
    ) -> [Range<WallInstant>] {
        let own: [[Range<WallInstant>]] = (subject.trunk.map { [$0] } ?? trunks).map { trunk in
            Self.union(
                ofTrunks.map { ($0[trunk] ?? []).flatMap { $0.stretches(in: range) } }
                    ?? recorded.stretches(of: trunk, in: range))
        }
        let common = own.dropFirst().reduce(own.first ?? []) { Self.intersection($0, $1) }
        return Self.union(common + everywhere.flatMap { $0.stretches(in: range) })
    }

    static func union(_ stretches: [Range<WallInstant>]) -> [Range<WallInstant>] {
        var result: [Range<WallInstant>] = []
        for next in stretches.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = result.last, next.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, next.upperBound)
            } else {
                result.append(next)
            }
        }
        return result
    }

    static func intersection(
        _ one: [Range<WallInstant>], _ other: [Range<WallInstant>]
    ) -> [Range<WallInstant>] {
        one.flatMap { stretch in
            other.map { $0.clamped(to: stretch) }.filter { !$0.isEmpty }
        }
    }
}
