import TrunkEvents

/// How carriers write lengths of time and amounts.
enum InvoiceTexts {
    /// Nobody is on the phone for longer: a month.
    static let secondsMax: Int64 = 31 * 86_400
    /// In units of 1e-8: a million. A total of any file then fits, and so does what is derived.
    static let amountMax = Money.largestPrice.units

    /// Whole seconds; halves go up. `nil` for what is no such time.
    static func seconds(
        _ text: ArraySlice<UInt8>, unit: InvoiceTemplate.DurationUnit, decimalMark: UInt8
    ) -> Int64? {
        if unit == .clock || text.contains(UInt8(ascii: ":")) { return clock(text) }
        guard let number = decimal(text, decimalMark), number.units >= 0 else { return nil }
        let scale: Int64 = unit == .minutes ? 60 : 1
        let (units, overflow) = number.units.multipliedReportingOverflow(by: scale)
        guard !overflow else { return nil }
        let seconds = RoundingRule.nearest.quotient(
            Int128(units), by: Int128(Money.unitsPerWhole))
        return seconds <= secondsMax ? Int64(seconds) : nil
    }

    /// `1:02:03` or `02:03`.
    private static func clock(_ text: ArraySlice<UInt8>) -> Int64? {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count) else { return nil }
        var seconds: Int64 = 0
        for (index, part) in parts.enumerated() {
            guard part.count <= 6, let value = CivilScanner.number(part), index == 0 || value < 60
            else { return nil }
            seconds = seconds * 60 + value
        }
        return seconds <= secondsMax ? seconds : nil
    }

    /// An amount, whatever sign of a currency stands before or after it: `$0.0125`, `1,25 EUR`.
    static func amount(
        _ text: ArraySlice<UInt8>, decimalMark: UInt8
    ) -> (money: Money, decimals: UInt8)? {
        let isNegative = text.contains(UInt8(ascii: "-"))
        let isNumeric = { (byte: UInt8) in
            (0x30...0x39).contains(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")
        }
        let body = text.drop { !isNumeric($0) }
        let digits = body.prefix(while: isNumeric)
        // A sign of a currency is short; digits behind it are no amount.
        let around = text.count - digits.count
        guard around <= 6, !body.dropFirst(digits.count).contains(where: isNumeric),
            let money = decimal(digits, decimalMark), money.units <= amountMax
        else { return nil }
        let places = digits.firstIndex(of: decimalMark).map { digits.endIndex - $0 - 1 } ?? 0
        return (isNegative ? Money.zero - money : money, UInt8(min(places, Money.decimals)))
    }

    /// Marks between thousands are left out; `1,25` where the decimal mark is the point is nothing.
    private static func decimal(_ text: ArraySlice<UInt8>, _ mark: UInt8) -> Money? {
        if mark == UInt8(ascii: "."), !text.contains(UInt8(ascii: ",")) {
            return Money(decimal: text)
        }
        let other = mark == UInt8(ascii: ".") ? UInt8(ascii: ",") : UInt8(ascii: ".")
        let whole = text.prefix { $0 != mark }
        let groups = whole.split(separator: other, omittingEmptySubsequences: false)
        guard groups.dropFirst().allSatisfy({ $0.count == 3 }),
            !text.dropFirst(whole.count).contains(other)
        else { return nil }
        return Money(
            decimal: text.lazy.filter { $0 != other }.map {
                $0 == mark ? UInt8(ascii: ".") : $0
            })
    }
}
