import TrunkEvents

/// Writes numbers as carriers want them.
struct NumberWriter: Sendable {
    private let homePrefix: [UInt8]
    private let internationalPrefix: [UInt8]
    private static let plus = UInt8(ascii: "+")

    init(_ plan: NumberingPlan) {
        homePrefix = plan.country.isEmpty ? [] : [Self.plus] + plan.country.bytes
        internationalPrefix = plan.internationalPrefixes.first?.bytes ?? [Self.plus]
    }

    /// A number in a format; as it was written where the plan does not know it.
    func write(_ number: NormalizedNumber, asSent: Bytes, _ format: NumberFormat) -> [UInt8] {
        switch number.kind {
        case .emergency: return number.text.bytes
        case .asDialled: return Array(asSent)
        case .e164: break
        }
        let full = number.text.bytes
        switch format {
        case .asSent: return Array(asSent)
        case .e164: return full
        case .plain: return Array(full.dropFirst())
        case .national:
            if !homePrefix.isEmpty, full.starts(with: homePrefix) {
                return Array(full.dropFirst(homePrefix.count))
            }
            return internationalPrefix + full.dropFirst()
        }
    }

    /// A called number by the rules of its trunk, as the user part of a URI.
    func write(_ number: NormalizedNumber, asSent: Bytes, _ rules: NumberRules) -> [UInt8] {
        let formatted = write(number, asSent: asSent, rules.format)
        guard number.kind != .emergency, !formatted.isEmpty else { return formatted }
        let stripped = min(Int(rules.strip), formatted.count - 1)
        return URIText.escaped(rules.techPrefix.bytes + rules.prefix.bytes)
            + formatted.dropFirst(stripped)
    }
}
