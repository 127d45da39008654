/// How the numbers of an invoice become E.164.
public struct NumberPlan: Hashable, Sendable {
    /// Of a number without its country; empty where all numbers have theirs.
    public var country: [UInt8] = []
    /// What stands for the `+`.
    public var international: [[UInt8]] = [Array("00".utf8), Array("011".utf8)]
    /// What a national number begins with instead of its country, such as 0.
    public var trunkPrefix: [UInt8]?
    /// What the carrier has put before the number called.
    public var techPrefixes: [[UInt8]] = []

    /// A number is at least so long behind the prefix for abroad.
    private static let internationalDigitsMin = 7

    public init() {}

    /// `nil` for what is no number: a name, a hidden caller.
    ///
    /// A `sip:` or `tel:` before it and everything from `@` or `;` on mean nothing.
    func digits(_ text: ArraySlice<UInt8>, isCalled: Bool) -> PhoneDigits? {
        var rest = Self.user(text)
        if isCalled, let tech = techPrefixes.first(where: { rest.starts(with: $0) }) {
            rest = rest.dropFirst(tech.count)
        }
        let hasPlus = rest.first == UInt8(ascii: "+")
        guard let digits = PhoneDigits(rest), !digits.isEmpty else { return nil }
        if hasPlus { return digits }
        return PhoneDigits(Self.bare(rest).withCountry(self))
    }

    private static func user(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var user = text
        for scheme in ["sips:", "sip:", "tel:"] where user.starts(with: scheme.utf8) {
            user = user.dropFirst(scheme.utf8.count)
            break
        }
        return user.prefix { $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: ";") }
    }

    private static func bare(_ text: ArraySlice<UInt8>) -> NationalDigits {
        NationalDigits(digits: text.filter { (0x30...0x39).contains($0) }[...])
    }

    /// Digits that no `+` came before.
    private struct NationalDigits {
        var digits: ArraySlice<UInt8>

        func withCountry(_ plan: NumberPlan) -> ArraySlice<UInt8> {
            for prefix in plan.international where digits.starts(with: prefix) {
                if digits.count >= prefix.count + NumberPlan.internationalDigitsMin {
                    return digits.dropFirst(prefix.count)
                }
            }
            guard !plan.country.isEmpty else { return digits }
            if let trunk = plan.trunkPrefix, digits.starts(with: trunk) {
                return plan.country + digits.dropFirst(trunk.count)
            }
            // The North American plan: ten digits without the country, eleven with it.
            if plan.country == [0x31] {
                return digits.count == 10 ? plan.country + digits : digits
            }
            return digits.starts(with: plan.country) ? digits : plan.country + digits
        }
    }
}
