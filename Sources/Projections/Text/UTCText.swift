public import TrunkEvents

extension WallInstant {
    /// RFC 3339 in UTC with milliseconds, the rest dropped: `2026-11-22T14:03:05.250Z`.
    public var utcText: String {
        var bytes: [UInt8] = []
        appendUTCText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// RFC 3339 in UTC with nanoseconds, nothing dropped: `2026-11-22T14:03:05.250000000Z`.
    public var exactUTCText: String {
        var bytes: [UInt8] = []
        appendUTCText(to: &bytes, digits: 9, of: 1)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Parameter unit: the nanoseconds of the last digit.
    func appendUTCText(
        to bytes: inout [UInt8], digits: Int = 3, of unit: Int64 = 1_000_000
    ) {
        let seconds = Self.floor(nanoseconds, 1_000_000_000)
        let fraction = nanoseconds - seconds * 1_000_000_000
        let days = Self.floor(seconds, 86_400)
        let ofDay = seconds - days * 86_400
        let date = CivilDate(daysSince1970: days)
        DecimalDigits.append(date.year, width: 4, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        DecimalDigits.appendTwo(date.month, to: &bytes)
        bytes.append(UInt8(ascii: "-"))
        DecimalDigits.appendTwo(date.day, to: &bytes)
        bytes.append(UInt8(ascii: "T"))
        DecimalDigits.appendTwo(ofDay / 3_600, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        DecimalDigits.appendTwo(ofDay / 60 % 60, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        DecimalDigits.appendTwo(ofDay % 60, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        DecimalDigits.append(fraction / unit, width: digits, to: &bytes)
        bytes.append(UInt8(ascii: "Z"))
    }

    /// UTC in whole seconds, the rest dropped, as databases show it: `2026-11-22 14:03:05`.
    public var utcSecondsText: String {
        // Without the fraction and its `Z`, whatever the width of the year.
        utcText.dropLast(5).split(separator: "T").joined(separator: " ")
    }

    private static func floor(_ value: Int64, _ divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

/// A day of the proleptic Gregorian calendar.
struct CivilDate: Hashable {
    var year: Int64
    var month: Int64
    var day: Int64

    /// Years are counted from March, so that the leap day is the last of its year, in eras of 400
    /// years or 146,097 days.
    init(daysSince1970 days: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let leapDays = dayOfEra / 1_460 - dayOfEra / 36_524 + dayOfEra / 146_096
        let yearOfEra = (dayOfEra - leapDays) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    init(year: Int64, month: Int64, day: Int64) {
        self.year = year
        self.month = month
        self.day = day
    }

    var daysSince1970: Int64 {
        let fromMarch = month <= 2 ? year - 1 : year
        let era = (fromMarch >= 0 ? fromMarch : fromMarch - 399) / 400
        let yearOfEra = fromMarch - era * 400
        let monthFromMarch = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
