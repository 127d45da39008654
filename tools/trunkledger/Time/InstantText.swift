import Foundation
import TrunkEvents

/// Instants as people type them: RFC 3339, `2026-11-22 14:03`, `14:03`, `-2h`, `now`.
///
/// A local time that exists twice (clocks set back) is taken for the first; one that does not
/// exist (clocks set forward) counts on from the last that did. `14:03` is today's.
struct InstantText {
    var now: WallInstant
    var zone: TimeZone

    /// `nil` for what is no instant.
    func parse(_ text: String) -> WallInstant? {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        if trimmed == "now" { return now }
        if trimmed.hasPrefix("-"), let back = Self.span(String(trimmed.dropFirst())) {
            let (value, overflow) = now.nanoseconds.subtractingReportingOverflow(back.count)
            return overflow ? nil : WallInstant(nanoseconds: value)
        }
        return clock(trimmed) ?? calendar(trimmed)
    }

    /// `2h`, `1h30m`, `1d`, `500ms`.
    static func span(_ text: String) -> Nanoseconds? {
        guard text.wholeMatch(of: /(\d{1,9}(ms|d|h|m|s))+/) != nil else { return nil }
        var sum: Int64 = 0
        for part in text.matches(of: /(\d{1,9})(ms|d|h|m|s)/) {
            let unit: Int64 =
                switch part.2 {
                case "d": 86_400_000_000_000
                case "h": 3_600_000_000_000
                case "m": 60_000_000_000
                case "s": 1_000_000_000
                default: 1_000_000
                }
            let (span, overflow) = (Int64(part.1) ?? 0).multipliedReportingOverflow(by: unit)
            let (next, carries) = sum.addingReportingOverflow(span)
            guard !overflow, !carries else { return nil }
            sum = next
        }
        return Nanoseconds(sum)
    }

    /// `14:03`, `14:03:07`, `14:03:07.250` of today.
    private func clock(_ text: String) -> WallInstant? {
        guard let match = text.wholeMatch(of: /(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?/),
            let time = TimeOfDay(match.1, match.2, match.3, match.4)
        else { return nil }
        let today = CivilSeconds(now.seconds + offset(at: now.seconds)).startOfDay
        return instant(civil: today + time.seconds, fraction: time.nanoseconds)
    }

    /// `2026-11-22`, `2026-11-22 14:03`, `2026-11-22T14:03:07.25Z`, `2026-11-22T14:03:07+02:00`.
    private func calendar(_ text: String) -> WallInstant? {
        // The extended delimiters let the pattern run over lines; blanks in it mean nothing.
        let pattern =
            #/
            (\d{4})-(\d{2})-(\d{2})
            (?: [Tt\ ] (\d{1,2}):(\d{2}) (?: :(\d{2}) (?: \.(\d{1,9}) )? )?
                ( Z | z | [+\-]\d{2}:\d{2} )? )?
            /#
        guard let match = text.wholeMatch(of: pattern),
            let year = Int(match.1), let month = Int(match.2), let day = Int(match.3),
            let midnight = CivilSeconds(year: year, month: month, day: day)
        else { return nil }
        guard let hour = match.4, let minute = match.5 else {
            return instant(civil: midnight.count, fraction: 0)
        }
        guard let time = TimeOfDay(hour, minute, match.6, match.7) else { return nil }
        let civil = midnight.count + time.seconds
        guard let suffix = match.8 else { return instant(civil: civil, fraction: time.nanoseconds) }
        guard let offset = Self.offset(suffix) else { return nil }
        return WallInstant(seconds: civil - offset, fraction: time.nanoseconds)
    }

    private static func offset(_ text: Substring) -> Int64? {
        if text == "Z" || text == "z" { return 0 }
        let parts = text.dropFirst().split(separator: ":").compactMap { Int64($0) }
        guard parts.count == 2, parts[0] < 24, parts[1] < 60 else { return nil }
        return (parts[0] * 3_600 + parts[1] * 60) * (text.first == "-" ? -1 : 1)
    }

    /// Seconds that local time is ahead of UTC.
    private func offset(at seconds: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds))))
    }

    private func instant(civil: Int64, fraction: Int64) -> WallInstant? {
        let before = offset(at: civil - 86_400)
        let after = offset(at: civil + 86_400)
        let fits = [civil - max(before, after), civil - min(before, after)].first {
            $0 + offset(at: $0) == civil
        }
        return WallInstant(seconds: fits ?? civil - before, fraction: fraction)
    }
}

/// Hours, minutes and seconds within one day.
private struct TimeOfDay {
    var seconds: Int64
    var nanoseconds: Int64

    init?(_ hour: Substring, _ minute: Substring, _ second: Substring?, _ fraction: Substring?) {
        guard let hour = Int64(hour), let minute = Int64(minute),
            let second = Int64(second ?? "0"), hour < 24, minute < 60, second < 60
        else { return nil }
        seconds = hour * 3_600 + minute * 60 + second
        let digits = fraction ?? "0"
        nanoseconds = Int64(digits + String(repeating: "0", count: 9 - digits.count)) ?? 0
    }
}

/// Seconds since 1970-01-01 00:00 of a wall clock in its own zone.
struct CivilSeconds: Hashable {
    var count: Int64

    init(_ count: Int64) { self.count = count }

    /// Midnight of a day that exists.
    init?(year: Int, month: Int, day: Int) {
        let date = DateComponents(
            calendar: Calendar.utc, year: year, month: month, day: day)
        guard date.isValidDate, let midnight = date.date else { return nil }
        count = Int64(midnight.timeIntervalSince1970)
    }

    var startOfDay: Int64 { count - ((count % 86_400) + 86_400) % 86_400 }
}

extension Calendar {
    static let utc: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()
}

extension WallInstant {
    /// Whole seconds since 1970, towards the past.
    var seconds: Int64 {
        nanoseconds / 1_000_000_000 - (nanoseconds % 1_000_000_000 < 0 ? 1 : 0)
    }

    var fraction: Int64 { nanoseconds - seconds * 1_000_000_000 }

    /// `nil` outside the years 1677 to 2262.
    fileprivate init?(seconds: Int64, fraction: Int64) {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carries) = product.addingReportingOverflow(fraction)
        guard !overflow, !carries else { return nil }
        self.init(nanoseconds: sum)
    }

    static var now: WallInstant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return WallInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }
}
