internal import Glibc
internal import SIPAgent
internal import TrunkEvents

/// The machine's own time zone, or that of `TZ`, as a table of its changes to come: the agent's
/// core asks no system.
enum LocalZone {
    /// A configuration is loaded anew before that.
    private static let years = 10
    private static let day = 86_400

    static func read() -> LocalTime {
        let now = Int(SystemClock.now().wall.nanoseconds / 1_000_000_000)
        var offsets = [offset(at: now - day)]
        for step in 0..<(years * 366) {
            let begin = now + (step - 1) * day
            let end = offset(at: begin + day)
            guard end.seconds != offsets[offsets.count - 1].seconds else { continue }
            offsets.append(change(to: end.seconds, after: begin, before: begin + day))
        }
        return LocalTime(offsets)
    }

    /// The first second at which the clock stands so far ahead.
    private static func change(to seconds: Int64, after: Int, before: Int) -> LocalTime.Offset {
        var (low, high) = (after, before)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle).seconds == seconds { high = middle } else { low = middle }
        }
        return offset(at: high)
    }

    /// What the system itself says.
    static func minuteOfWeek(at instant: WallInstant) -> Int {
        LocalTime([offset(at: Int(instant.nanoseconds / 1_000_000_000))])
            .minuteOfWeek(at: instant)
    }

    private static func offset(at second: Int) -> LocalTime.Offset {
        var instant = time_t(second)
        var parts = tm()
        localtime_r(&instant, &parts)
        return LocalTime.Offset(
            since: WallInstant(nanoseconds: Int64(second) * 1_000_000_000),
            seconds: Int64(parts.tm_gmtoff))
    }
}
