/// Times of the week on some local clock, to the minute.
public struct WeeklyHours: Hashable, Sendable {
    public static let minutesPerDay = 1_440
    public static let minutesPerWeek = 7 * minutesPerDay
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// One bit a minute since Monday 00:00, the first minute lowest.
    private var words = [UInt64](repeating: 0, count: (minutesPerWeek + 63) / 64)

    public init() {}

    /// `mon-fri 08:00-18:00, sat 09:00-13:00`; `22:00-06:00` on every day, on into the next; `sun`
    /// all day. `nil` for anything else.
    public init?(_ text: String) {
        for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            guard insert(window: part) else { return nil }
        }
    }

    /// Adds `minutes` from `start` on; what goes beyond Sunday's end begins at Monday again.
    public mutating func insert(from start: Int, minutes: Int) {
        precondition((0..<Self.minutesPerWeek).contains(start), "a minute of the week")
        for offset in 0..<min(minutes, Self.minutesPerWeek) {
            let minute = (start + offset) % Self.minutesPerWeek
            words[minute / 64] |= 1 << UInt64(minute % 64)
        }
    }

    public mutating func formUnion(_ other: WeeklyHours) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// - Parameter minute: since Monday 00:00, less than a week.
    public func contains(_ minute: Int) -> Bool {
        words[minute / 64] >> UInt64(minute % 64) & 1 == 1
    }

    /// - Parameter seconds: since 1970-01-01 00:00 of the local clock.
    public static func minute(localSeconds seconds: Int64) -> Int {
        // 1970 began on a Thursday, three days into the week.
        let minutes = Int(seconds / 60) + 3 * minutesPerDay
        return (minutes % minutesPerWeek + minutesPerWeek) % minutesPerWeek
    }
}

extension WeeklyHours {
    private mutating func insert(window text: Substring) -> Bool {
        var words = text.split(separator: " ")
        var span = (begin: 0, minutes: Self.minutesPerDay)
        if let last = words.last, last.contains(":") {
            guard let read = Self.span(last) else { return false }
            span = read
            words.removeLast()
        } else if words.isEmpty {
            return false
        }
        guard words.count <= 1,
            let days = words.first.map({ Self.days(in: $0) }) ?? Array(Self.days.indices)
        else { return false }
        for day in days {
            insert(from: day * Self.minutesPerDay + span.begin, minutes: span.minutes)
        }
        return true
    }

    /// `nil` for what names no day.
    private static func days(in text: Substring) -> [Int]? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            .map { end in days.firstIndex { $0 == end } }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else {
            return nil
        }
        let count = (last - first + days.count) % days.count
        return (0...count).map { (first + $0) % days.count }
    }

    private static func span(_ text: Substring) -> (begin: Int, minutes: Int)? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(minute)
        guard ends.count == 2, let begin = ends[0], let end = ends[1], begin < minutesPerDay,
            begin != end
        else { return nil }
        return (begin, end > begin ? end - begin : end - begin + minutesPerDay)
    }

    /// `08:00` to `24:00`.
    private static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count == 2, (1...2).contains(parts[0].count),
            let hour = UInt8(parts[0]), let minute = UInt8(parts[1]), minute < 60,
            hour < 24 || (hour == 24 && minute == 0)
        else { return nil }
        return Int(hour) * 60 + Int(minute)
    }
}

extension WeeklyHours: CustomStringConvertible {
    /// As a person would write them: `mon-fri 08:00-18:00, sat 09:00-12:00`.
    public var description: String {
        let days = Self.days.indices.map(spans(ofDay:))
        var parts: [String] = []
        var first = 0
        for day in days.indices where day + 1 == days.count || days[day + 1] != days[day] {
            let name =
                first == day ? Self.days[day] : "\(Self.days[first])-\(Self.days[day])"
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
