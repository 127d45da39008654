import TrunkEvents

/// Hours of the week, on some clock: those of peak prices, or of maintenance.
public struct WeeklyHours: Hashable, Sendable {
    /// Half-open ranges of minutes since Monday 00:00.
    private let ranges: [Range<Int>]
    public let text: String

    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// `mon-fri 08:00-18:00, sat 09:00-13:00`; `nil` for anything else.
    public init?(_ text: String) {
        var ranges: [Range<Int>] = []
        for part in text.lowercased().split(separator: ",") {
            let words = part.split(separator: " ")
            guard words.count == 2, let days = Self.days(words[0]),
                let hours = Self.hours(words[1])
            else { return nil }
            for day in days {
                ranges.append(day * 1_440 + hours.lowerBound..<day * 1_440 + hours.upperBound)
            }
        }
        guard !ranges.isEmpty else { return nil }
        self.ranges = ranges
        self.text = text
    }

    private static func days(_ text: Substring) -> ClosedRange<Int>? {
        let names = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = names.compactMap { name in days.firstIndex { $0 == name } }
        guard numbers.count == names.count, (1...2).contains(numbers.count),
            let first = numbers.first, let last = numbers.last, first <= last
        else { return nil }
        return first...last
    }

    private static func hours(_ text: Substring) -> Range<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(minutes)
        guard ends.count == 2, let from = ends[0], let to = ends[1], from < to else { return nil }
        return from..<to
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":").map { Int($0) }
        guard parts.count == 2, let hour = parts[0], let minute = parts[1],
            (0...24).contains(hour), (0..<60).contains(minute), hour < 24 || minute == 0
        else { return nil }
        return hour * 60 + minute
    }

    /// - Parameter seconds: since 1970 on the hours' own clock.
    func contains(localSeconds seconds: Int64) -> Bool {
        let minute = Int((seconds - Self.weekStart(before: seconds)) / 60)
        return ranges.contains { $0.contains(minute) }
    }

    /// The stretches of `range` that lie in these hours, on a clock so far ahead of UTC.
    func stretches(in range: Range<WallInstant>, zoneSeconds: Int64) -> [Range<WallInstant>] {
        let second: Int64 = 1_000_000_000
        let end = range.upperBound.nanoseconds / second + zoneSeconds
        var week = Self.weekStart(before: range.lowerBound.nanoseconds / second + zoneSeconds)
        var found: [Range<WallInstant>] = []
        while week <= end {
            for hours in ranges {
                let from = week - zoneSeconds + Int64(hours.lowerBound) * 60
                let to = week - zoneSeconds + Int64(hours.upperBound) * 60
                let stretch =
                    WallInstant(nanoseconds: from * second)..<WallInstant(nanoseconds: to * second)
                let inside = stretch.clamped(to: range)
                if !inside.isEmpty { found.append(inside) }
            }
            week += Self.weekSeconds
        }
        return found
    }

    private static let weekSeconds: Int64 = 7 * 86_400

    /// Monday 00:00 at or before, in seconds since 1970 on the same clock.
    private static func weekStart(before seconds: Int64) -> Int64 {
        // 1970-01-01 was a Thursday.
        let shifted = seconds + 3 * 86_400
        let rest = shifted % weekSeconds
        return seconds - (rest < 0 ? rest + weekSeconds : rest)
    }
}
