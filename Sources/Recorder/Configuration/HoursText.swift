internal import SIPAgent

/// `mon-fri 08:00-18:00`, `sat,sun 10:00-14:00`, `22:00-06:00` on every day, `sun` all day.
///
/// Hours that end before they begin go on into the next day.
enum HoursText {
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    static func insert(_ text: String, into hours: inout WeeklyHours) throws(TextProblem) {
        var words = text.split(separator: " ")
        var span = (begin: 0, minutes: WeeklyHours.minutesPerDay)
        let wrong = TextProblem("'\(text)' are no hours; write them like mon-fri 08:00-18:00")
        if let last = words.last, last.contains(":") {
            guard let read = Self.span(last) else { throw wrong }
            span = read
            words.removeLast()
        }
        guard words.count <= 1, !text.isEmpty else { throw wrong }
        guard let days = words.first.map({ Self.days(in: $0) }) ?? Array(Self.days.indices) else {
            throw wrong
        }
        for day in days {
            hours.insert(
                from: day * WeeklyHours.minutesPerDay + span.begin, minutes: span.minutes)
        }
    }

    /// `nil` for what names no day.
    private static func days(in text: Substring) -> [Int]? {
        var found: [Int] = []
        for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { end in days.firstIndex { $0 == end } }
            guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2 else {
                return nil
            }
            let count = (last - first + days.count) % days.count
            found += (0...count).map { (first + $0) % days.count }
        }
        return found
    }

    private static func span(_ text: Substring) -> (begin: Int, minutes: Int)? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(minute)
        guard ends.count == 2, let begin = ends[0], let end = ends[1],
            begin < WeeklyHours.minutesPerDay, begin != end
        else { return nil }
        return (begin, end > begin ? end - begin : end - begin + WeeklyHours.minutesPerDay)
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
