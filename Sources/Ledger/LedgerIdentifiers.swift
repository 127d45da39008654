/// Names one ledger, for ever: drawn at random when the ledger is created.
public struct LedgerID: Hashable, Sendable {
    /// The sixteen bytes, big-endian, as they read in hexadecimal.
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    static func random() -> LedgerID {
        var source = SystemRandomNumberGenerator()
        return LedgerID(high: source.next(), low: source.next())
    }
}

/// Names one opening of a ledger for writing: monotonic times compare only within it.
public struct BootID: Hashable, Sendable {
    /// The sixteen bytes, big-endian, as they read in hexadecimal.
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    static func random() -> BootID {
        var source = SystemRandomNumberGenerator()
        return BootID(high: source.next(), low: source.next())
    }
}

extension LedgerID: CustomStringConvertible {
    public var description: String { high.paddedHexadecimal + low.paddedHexadecimal }
}

extension BootID: CustomStringConvertible {
    public var description: String { high.paddedHexadecimal + low.paddedHexadecimal }
}

extension UInt64 {
    var paddedHexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
