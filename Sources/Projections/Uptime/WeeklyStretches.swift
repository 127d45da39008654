import TrunkEvents

extension WeeklyHours {
    /// The stretches of `range` that lie in these hours, on a clock that is so far ahead of UTC.
    func stretches(in range: Range<WallInstant>, zoneSeconds: Int64) -> [Range<WallInstant>] {
        let spans = spans
        let end = Self.seconds(range.upperBound, zoneSeconds)
        var week = Self.weekStart(before: Self.seconds(range.lowerBound, zoneSeconds))
        var found: [Range<WallInstant>] = []
        while week <= end {
            for span in spans {
                let from = Self.instant(week + Int64(span.lowerBound) * 60, zoneSeconds)
                let to = Self.instant(week + Int64(span.upperBound) * 60, zoneSeconds)
                let inside = (from..<to).clamped(to: range)
                if !inside.isEmpty { found.append(inside) }
            }
            week += Self.weekSeconds
        }
        return found
    }

    /// Minutes since Monday 00:00, in order and apart from each other.
    private var spans: [Range<Int>] {
        var spans: [Range<Int>] = []
        for minute in 0..<Self.minutesPerWeek where contains(minute) {
            if let last = spans.last, last.upperBound == minute {
                spans[spans.count - 1] = last.lowerBound..<minute + 1
            } else {
                spans.append(minute..<minute + 1)
            }
        }
        return spans
    }

    private static let weekSeconds = Int64(minutesPerWeek) * 60

    /// Since 1970 on the hours' clock.
    private static func seconds(_ instant: WallInstant, _ zoneSeconds: Int64) -> Int64 {
        instant.nanoseconds / 1_000_000_000 + zoneSeconds
    }

    private static func instant(_ seconds: Int64, _ zoneSeconds: Int64) -> WallInstant {
        WallInstant(nanoseconds: (seconds - zoneSeconds) * 1_000_000_000)
    }

    /// Monday 00:00 at or before, in seconds since 1970 on the same clock.
    private static func weekStart(before seconds: Int64) -> Int64 {
        // 1970-01-01 was a Thursday.
        let shifted = seconds + 3 * 86_400
        let rest = shifted % weekSeconds
        return seconds - (rest < 0 ? rest + weekSeconds : rest)
    }
}
