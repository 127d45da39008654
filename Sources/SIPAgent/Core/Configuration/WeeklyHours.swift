/// Times of the week, in minutes since Monday 00:00 of the local time.
public struct WeeklyHours: Hashable, Sendable {
    public static let minutesPerDay = 1_440
    public static let minutesPerWeek = 7 * minutesPerDay

    /// One bit a minute, the first minute lowest.
    private var words = [UInt64](repeating: 0, count: (minutesPerWeek + 63) / 64)

    public init() {}

    /// Adds `minutes` from `start` on; what goes beyond Sunday's end begins at Monday again.
    public mutating func insert(from start: Int, minutes: Int) {
        precondition((0..<Self.minutesPerWeek).contains(start), "a minute of the week")
        for offset in 0..<min(minutes, Self.minutesPerWeek) {
            let minute = (start + offset) % Self.minutesPerWeek
            words[minute / 64] |= 1 << UInt64(minute % 64)
        }
    }

    public func contains(_ minute: Int) -> Bool {
        words[minute / 64] >> UInt64(minute % 64) & 1 == 1
    }
}

extension WeeklyHours: CustomStringConvertible {
    private static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// As a person would write them: `mon-fri 08:00-18:00, sat 09:00-12:00`.
    public var description: String {
        let days = Self.names.indices.map(spans(ofDay:))
        var parts: [String] = []
        var first = 0
        for day in days.indices where day + 1 == days.count || days[day + 1] != days[day] {
            let name =
                first == day ? Self.names[day] : "\(Self.names[first])-\(Self.names[day])"
            parts += days[day].map { "\(name) \($0)" }
            first = day + 1
        }
        return parts.joined(separator: ", ")
    }

    private func spans(ofDay day: Int) -> [String] {
        var spans: [String] = []
        var begin: Int?
        for minute in 0...Self.minutesPerDay {
            let isIn =
                minute < Self.minutesPerDay && contains(day * Self.minutesPerDay + minute)
            if isIn, begin == nil { begin = minute }
            if !isIn, let start = begin {
                spans.append("\(Self.clock(start))-\(Self.clock(minute))")
                begin = nil
            }
        }
        return spans
    }

    private static func clock(_ minute: Int) -> String {
        let digits = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        return "\(digits(minute / 60)):\(digits(minute % 60))"
    }
}
