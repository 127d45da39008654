public import TrunkEvents

/// How a number is written for a carrier.
public enum NumberFormat: UInt8, Hashable, Sendable, CaseIterable {
    /// As the dialer wrote it.
    case asSent
    /// `+12125550100`.
    case e164
    /// `12125550100`.
    case plain
    /// `2125550100` for a number of our own country; for others the first of the numbering plan's
    /// international prefixes and the digits, or `+` and the digits where it has none.
    case national
}

extension NumberFormat: CustomStringConvertible {
    /// As the configuration names it.
    public var description: String {
        switch self {
        case .asSent: "as_sent"
        case .e164: "e164"
        case .plain: "plain"
        case .national: "national"
        }
    }
}

/// How a called number is written for a carrier. Emergency numbers are never touched.
public struct NumberRules: Hashable, Sendable {
    /// Of numbers that the numbering plan knows; others go as they were dialled.
    public var format: NumberFormat
    /// Characters taken off the front of the formatted number, `+` included; at least one is left.
    public var strip: UInt32
    /// Put in front of what is left.
    public var prefix: Octets
    /// By which the carrier knows us or the price: in front of everything.
    public var techPrefix: Octets

    public init(
        format: NumberFormat = .e164, strip: UInt32 = 0, prefix: Octets = .empty,
        techPrefix: Octets = .empty
    ) {
        self.format = format
        self.strip = strip
        self.prefix = prefix
        self.techPrefix = techPrefix
    }
}
