import TrunkEvents

/// An amount of a currency, or a price a minute, in units of 1e-8. Never a floating-point number.
public struct Money: Hashable, Comparable, Sendable {
    public static let decimals = 8
    static let unitsPerWhole: Int64 = 100_000_000

    public let units: Int64

    public init(units: Int64) { self.units = units }

    public static let zero = Money(units: 0)
    /// More than any call or minute costs: what is derived from it, and any sum, fits.
    static let largestPrice = Money(units: 1_000_000 * unitsPerWhole)

    /// `0.0125`, `-3`, `.5`; `nil` for anything else, and for more decimals than there are units.
    public init?(decimal text: some Sequence<UInt8>) {
        var bytes = Array(text)[...]
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative { bytes.removeFirst() }
        var value: Int64 = 0
        var places: Int?
        var hasDigits = false
        for byte in bytes {
            if byte == UInt8(ascii: "."), places == nil {
                places = 0
                continue
            }
            guard (0x30...0x39).contains(byte) else { return nil }
            hasDigits = true
            if let count = places {
                if count == Self.decimals {
                    guard byte == 0x30 else { return nil }
                    continue
                }
                places = count + 1
            }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = product.addingReportingOverflow(Int64(byte - 0x30))
            guard !overflow, !carries else { return nil }
            value = sum
        }
        guard hasDigits else { return nil }
        for _ in (places ?? 0)..<Self.decimals {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            value = product
        }
        units = isNegative ? -value : value
    }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.units < rhs.units }
    public static func + (lhs: Self, rhs: Self) -> Self { Money(units: lhs.units + rhs.units) }
    public static func - (lhs: Self, rhs: Self) -> Self { Money(units: lhs.units - rhs.units) }
    public static func += (lhs: inout Self, rhs: Self) { lhs = lhs + rhs }
    public var magnitude: Money { Money(units: abs(units)) }

    /// The quotient, its remainder treated by the rule, in steps of 1e-`decimals`.
    ///
    /// Halves go away from zero (`nearest`) or to the even neighbour (`even`); `up` is away from
    /// zero, `down` towards it.
    init(_ numerator: Int128, over denominator: Int128, rule: RoundingRule, decimals: Int) {
        var step: Int128 = 1
        for _ in decimals..<Self.decimals { step *= 10 }
        let steps = rule.quotient(numerator, by: denominator * step)
        // Prices and times have their limits, and what they come to fits by far.
        units = Int64(clamping: steps * step)
    }
}

extension Money: CustomStringConvertible {
    /// With as many decimals as it has, two at least: `0.0125`, `3.00`.
    public var description: String {
        let whole = units.magnitude / Self.unitsPerWhole.magnitude
        let rest = String(units.magnitude % Self.unitsPerWhole.magnitude)
        var fraction = String(repeating: "0", count: Self.decimals - rest.count) + rest
        while fraction.count > 2, fraction.hasSuffix("0") { fraction.removeLast() }
        return (units < 0 ? "-" : "") + "\(whole).\(fraction)"
    }
}

extension RoundingRule {
    /// `denominator` is positive.
    func quotient(_ numerator: Int128, by denominator: Int128) -> Int128 {
        precondition(denominator > 0, "a divisor of money or time is positive")
        let quotient = numerator / denominator
        let rest = (numerator % denominator).magnitude
        guard rest != 0 else { return quotient }
        let away = quotient + (numerator < 0 ? -1 : 1)
        let twice = rest * 2
        switch self {
        case .up: return away
        case .down: return quotient
        case .nearest: return twice >= denominator.magnitude ? away : quotient
        case .even:
            if twice == denominator.magnitude { return quotient % 2 == 0 ? quotient : away }
            return twice > denominator.magnitude ? away : quotient
        }
    }
}
