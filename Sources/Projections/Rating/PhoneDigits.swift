/// The digits of a number or a prefix, at most 18, as one integer: `12125550100` after a leading 1
/// that keeps zeros in place.
public struct PhoneDigits: Hashable, Sendable {
    public static let countMax = 18

    /// 1, then the digits.
    public let packed: UInt64

    private init(packed: UInt64) { self.packed = packed }

    static let none = PhoneDigits(packed: 1)

    /// Blanks, hyphens, dots, brackets and a leading `+` mean nothing; `nil` for other characters
    /// and for more digits than fit.
    public init?(_ text: some Sequence<UInt8>) {
        var packed: UInt64 = 1
        var count = 0
        for byte in text {
            switch byte {
            case 0x30...0x39:
                count += 1
                guard count <= Self.countMax else { return nil }
                packed = packed &* 10 &+ UInt64(byte &- 0x30)
            case UInt8(ascii: "+"):
                guard count == 0 else { return nil }
            case 0x20, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "("),
                UInt8(ascii: ")"):
                continue
            default: return nil
            }
        }
        self.init(packed: packed)
    }

    public var isEmpty: Bool { packed == 1 }

    public var count: Int {
        var count = 0
        var rest = packed
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        return count
    }

    /// Without its last digit.
    public var shortened: PhoneDigits { PhoneDigits(packed: packed / 10) }

    private var digits: String.UTF8View.SubSequence { String(packed).utf8.dropFirst() }

    /// What follows the prefix; `nil` where the number does not begin with it.
    func dropping(prefix: PhoneDigits) -> PhoneDigits? {
        guard digits.starts(with: prefix.digits) else { return nil }
        return PhoneDigits(digits.dropFirst(prefix.count))
    }

    /// Of an eleven-digit number of the North American plan.
    var areaCode: UInt16? {
        guard isNorthAmerican else { return nil }
        return UInt16(packed / 10_000_000 % 1_000)
    }

    /// A 1, and an area code that begins with 2 to 9.
    private var isNorthAmerican: Bool {
        (112_000_000_000..<120_000_000_000).contains(packed)
    }
}

extension PhoneDigits: CustomStringConvertible {
    public var description: String { String(String(packed).dropFirst()) }
}
