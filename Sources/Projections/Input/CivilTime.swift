/// A date and time as somebody wrote it, on a clock whose zone is told only where the text has it.
public struct CivilTime: Hashable, Sendable {
    public enum Precision: Hashable, Comparable, Sendable { case fraction, second, minute, day }

    /// Which part of a numeric date comes first. A four-digit year in front says so itself.
    public enum DateOrder: String, Hashable, Sendable, CaseIterable { case ymd, mdy, dmy }

    /// Since 1970-01-01 00:00 of its own clock.
    public var seconds: Int64
    public var nanoseconds: Int64 = 0
    /// How far its clock is ahead of UTC, where the text says so.
    public var zoneSeconds: Int64?
    public var precision: Precision

    /// ISO 8601 and RFC 3339, `11/22/2026 2:03:05 PM`, `22.11.2026 14:03`, `22-Nov-2026 14:03`,
    /// `20261122140305`, seconds or milliseconds since 1970. `nil` for what is no such instant.
    public init?(_ text: ArraySlice<UInt8>, order: DateOrder) {
        if let epoch = Self.epoch(text) {
            self = epoch
            return
        }
        var scanner = CivilScanner(text)
        guard let days = scanner.date(order) else { return nil }
        seconds = days * 86_400
        precision = .day
        scanner.skipDateTimeGap()
        guard !scanner.isAtEnd else { return }
        guard let time = scanner.time() else { return nil }
        seconds += time.seconds
        nanoseconds = time.nanoseconds
        precision = time.precision
        scanner.skipBlanks()
        if !scanner.isAtEnd {
            guard let zone = scanner.zone(), scanner.isAtEnd else { return nil }
            zoneSeconds = zone
        }
    }

    /// The instant, on a clock so far ahead of UTC unless the text said otherwise; `nil` outside
    /// the years that nanoseconds reach.
    public func nanoseconds(zone assumed: Int64) -> Int64? {
        let utc = seconds - (zoneSeconds ?? assumed)
        let (product, isTooFar) = utc.multipliedReportingOverflow(by: 1_000_000_000)
        let (instant, isBeyond) = product.addingReportingOverflow(nanoseconds)
        return isTooFar || isBeyond ? nil : instant
    }

    private static func epoch(_ text: ArraySlice<UInt8>) -> CivilTime? {
        let whole = text.prefix { $0 != UInt8(ascii: ".") }
        guard whole.count == 10 || (whole.count == 13 && whole.count == text.count),
            let value = CivilScanner.number(whole)
        else { return nil }
        var time = CivilTime(seconds: value, precision: .second)
        if whole.count == 13 {
            time.seconds = value / 1_000
            time.nanoseconds = value % 1_000 * 1_000_000
            time.precision = .fraction
        } else if whole.count < text.count {
            guard let nanoseconds = CivilScanner.fraction(text.dropFirst(11)) else { return nil }
            time.nanoseconds = nanoseconds
            time.precision = .fraction
        }
        time.zoneSeconds = 0
        return time
    }

    private init(seconds: Int64, precision: Precision) {
        self.seconds = seconds
        self.precision = precision
    }
}

/// Takes a date and time apart, from the left.
struct CivilScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func skipBlanks() { while rest.first == 0x20 { rest.removeFirst() } }

    mutating func skipDateTimeGap() {
        if rest.first == UInt8(ascii: "T") || rest.first == UInt8(ascii: ",") {
            rest.removeFirst()
        }
        skipBlanks()
    }

    static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...18).contains(digits.count) else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value &* 10 &+ Int64(digit &- 0x30)
        }
        return value
    }

    /// Digits behind a point, as nanoseconds.
    static func fraction(_ digits: ArraySlice<UInt8>) -> Int64? {
        guard (1...9).contains(digits.count), var value = number(digits) else { return nil }
        for _ in digits.count..<9 { value *= 10 }
        return value
    }

    private mutating func digits(max: Int = 18) -> ArraySlice<UInt8> {
        let digits = rest.prefix(max).prefix { (0x30...0x39).contains($0) }
        rest = rest.dropFirst(digits.count)
        return digits
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Days since 1970 of a day that exists.
    mutating func date(_ order: CivilTime.DateOrder) -> Int64? {
        let run = rest.prefix { (0x30...0x39).contains($0) }
        if run.count == 8 || run.count == 14 {
            return day(
                Self.number(digits(max: 4)), Self.number(digits(max: 2)),
                Self.number(digits(max: 2)))
        }
        guard let first = part(), let mark = separator(), let second = part(), take(mark),
            let third = part()
        else { return nil }
        if first.count == 4 { return day(first.value, second.value, third.value) }
        if second.isName { return day(year(third), second.value, first.value) }
        if first.isName { return day(year(third), first.value, second.value) }
        switch order {
        case .ymd: return day(year(first), second.value, third.value)
        case .mdy: return day(year(third), first.value, second.value)
        case .dmy: return day(year(third), second.value, first.value)
        }
    }

    private struct Part {
        var value: Int64
        var count: Int
        var isName = false
    }

    private mutating func part() -> Part? {
        let number = digits(max: 4)
        if let value = Self.number(number) { return Part(value: value, count: number.count) }
        let names = [
            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov",
            "dec",
        ]
        let name = String(decoding: rest.prefix(3), as: UTF8.self).lowercased()
        guard let index = names.firstIndex(of: name) else { return nil }
        rest = rest.dropFirst(3)
        return Part(value: Int64(index) + 1, count: 3, isName: true)
    }

    private mutating func separator() -> Unicode.Scalar? {
        for mark: Unicode.Scalar in ["-", "/", ".", " "] where take(mark) { return mark }
        return nil
    }

    /// Two digits are of this century.
    private func year(_ part: Part) -> Int64? {
        switch part.count {
        case 4: part.value
        case 2 where !part.isName: part.value + 2_000
        default: nil
        }
    }

    private func day(_ year: Int64?, _ month: Int64?, _ day: Int64?) -> Int64? {
        guard let year, let month, let day, (1970...2261).contains(year),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSince1970
        return CivilDate(daysSince1970: days).day == day ? days : nil
    }

    mutating func time() -> (
        seconds: Int64, nanoseconds: Int64, precision: CivilTime.Precision
    )? {
        guard var hour = Self.number(digits(max: 2)) else { return nil }
        let hasColons = take(":")
        guard let minute = Self.number(digits(max: 2)), minute < 60 else { return nil }
        var second: Int64 = 0
        var nanoseconds: Int64 = 0
        var precision = CivilTime.Precision.minute
        if hasColons ? take(":") : !isAtEnd {
            guard let value = Self.number(digits(max: 2)), value < 60 else { return nil }
            second = value
            precision = .second
            if take(".") {
                let fraction = digits(max: 9)
                guard let value = Self.fraction(fraction) else { return nil }
                nanoseconds = value
                precision = .fraction
            }
        }
        skipBlanks()
        if let half = halfDay() {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + half
        }
        guard hour < 24 else { return nil }
        return (hour * 3_600 + minute * 60 + second, nanoseconds, precision)
    }

    /// 0 for AM, 12 for PM.
    private mutating func halfDay() -> Int64? {
        let text = String(decoding: rest.prefix(2), as: UTF8.self).uppercased()
        guard text == "AM" || text == "PM" else { return nil }
        rest = rest.dropFirst(2)
        return text == "AM" ? 0 : 12
    }

    /// `Z`, `UTC`, `GMT`, `+02:00`, `-0500`, `+02`.
    mutating func zone() -> Int64? {
        let text = String(decoding: rest, as: UTF8.self).uppercased()
        if text == "Z" || text == "UTC" || text == "GMT" {
            rest = []
            return 0
        }
        let isWest = take("-")
        guard isWest || take("+"), let hours = Self.number(digits(max: 2)), hours <= 14 else {
            return nil
        }
        _ = take(":")
        let minuteDigits = digits(max: 2)
        let minutes = minuteDigits.isEmpty ? 0 : Self.number(minuteDigits)
        guard let minutes, minutes < 60 else { return nil }
        return (hours * 3_600 + minutes * 60) * (isWest ? -1 : 1)
    }
}
