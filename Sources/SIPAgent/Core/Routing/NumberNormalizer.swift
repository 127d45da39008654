import TrunkEvents

/// A dialled number as routing and records see it.
struct NormalizedNumber: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// `+` and digits (ITU-T E.164).
        case e164
        /// Taken as it is; never held by a rate limit.
        case emergency
        /// Neither: an extension, a service code, a name.
        case asDialled
    }

    var kind: Kind
    var text: Octets
}

/// Turns the user part of a request into E.164 by the numbering plan.
///
/// | dialled | country 1 | becomes |
/// |---|---|---|
/// | `+44 20 7946 0958` in any visual form | any | `+442079460958` |
/// | an international prefix and more | any | `+` and the rest |
/// | 10 digits, first 2-9 | 1 | `+1` and the digits |
/// | 11 digits, first 1 | 1 | `+` and the digits |
/// | country code and at least 8 digits | others | `+` and the digits |
/// | `0` and at least 6 digits | others | `+` country, the rest (Italy keeps its 0) |
/// | 7 digits or more | others | `+` country and the digits |
/// | anything else | any | as dialled |
struct NumberNormalizer: Sendable {
    private let country: [UInt8]
    private let internationalPrefixes: [[UInt8]]
    private let emergencyNumbers: [[UInt8]]

    private static let plus = UInt8(ascii: "+")
    private static let zero = UInt8(ascii: "0")

    init(_ plan: NumberingPlan) {
        country = plan.country.bytes
        internationalPrefixes = plan.internationalPrefixes.map(\.bytes)
            .filter { !$0.isEmpty }.sorted { $0.count > $1.count }
        emergencyNumbers = plan.emergencyNumbers.map(\.bytes)
    }

    /// Takes the user part of a SIP URI, or what follows `tel:`, as it stands.
    func normalize(_ user: Octets) -> NormalizedNumber {
        guard let dialled = DialledDigits(user.bytes) else {
            return NormalizedNumber(kind: .asDialled, text: user)
        }
        let digits = dialled.digits
        if !dialled.hasPlus, emergencyNumbers.contains(digits) {
            return NormalizedNumber(kind: .emergency, text: Octets(digits))
        }
        if dialled.hasPlus { return e164(digits[...]) }
        for prefix in internationalPrefixes
        where digits.count > prefix.count && digits.starts(with: prefix) {
            return e164(digits.dropFirst(prefix.count))
        }
        guard !country.isEmpty, let full = country == [UInt8(ascii: "1")]
            ? northAmerican(digits) : elsewhere(digits)
        else { return NormalizedNumber(kind: .asDialled, text: Octets(digits)) }
        return e164(full[...])
    }

    private func e164(_ digits: ArraySlice<UInt8>) -> NormalizedNumber {
        NormalizedNumber(kind: .e164, text: Octets([Self.plus] + digits))
    }

    /// Ten digits of which area code and exchange begin with 2 to 9; a leading 1 is the country.
    private func northAmerican(_ digits: [UInt8]) -> [UInt8]? {
        switch digits.count {
        case 10 where digits[0] >= UInt8(ascii: "2"): country + digits
        case 11 where digits[0] == UInt8(ascii: "1"): digits
        default: nil
        }
    }

    /// National numbers of most plans have 7 to 11 digits after the trunk prefix 0. A number that has
    /// 8 or more after the country's own code is complete already.
    private func elsewhere(_ digits: [UInt8]) -> [UInt8]? {
        if digits.count >= country.count + 8, digits.starts(with: country) { return digits }
        if digits.first == Self.zero {
            guard digits.count >= 7 else { return nil }
            // Italy's leading 0 is part of the number (ITU-T E.164 national plan of +39).
            let keepsZero = country == Array("39".utf8)
            return country + (keepsZero ? digits[...] : digits.dropFirst())
        }
        return digits.count >= 7 ? country + digits : nil
    }
}

/// The digits of a user part without `+`, visual separators (RFC 3966 section 5.1.1), escapes and
/// parameters.
private struct DialledDigits {
    var hasPlus = false
    var digits: [UInt8] = []

    /// nil when it is not a telephone number.
    init?(_ user: [UInt8]) {
        let plain = user[...].percentDecoded
        digits.reserveCapacity(plain.count)
        reading: for byte in plain {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits.append(byte)
            case UInt8(ascii: "+") where digits.isEmpty && !hasPlus:
                hasPlus = true
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("), UInt8(ascii: ")"):
                continue
            case UInt8(ascii: ";"):
                break reading
            default:
                return nil
            }
        }
        guard !digits.isEmpty else { return nil }
    }
}
