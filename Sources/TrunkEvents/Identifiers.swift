/// A trunk as the configuration names it.
public struct TrunkName: Hashable, Sendable, CustomStringConvertible {
    public let name: ShortName
    public init(_ name: ShortName) { self.name = name }
    public init?(_ text: some StringProtocol) {
        guard let name = ShortName(text) else { return nil }
        self.name = name
    }
    public var description: String { name.description }
}

/// A carrier as the configuration names it.
public struct CarrierName: Hashable, Sendable, CustomStringConvertible {
    public let name: ShortName
    public init(_ name: ShortName) { self.name = name }
    public init?(_ text: some StringProtocol) {
        guard let name = ShortName(text) else { return nil }
        self.name = name
    }
    public var description: String { name.description }
}

/// One call through the agent: both legs and every attempt. Shown as 16 hexadecimal digits.
///
/// 44 bits of milliseconds since 1970 and 20 bits of a counter, so that ids sort by time and stay
/// unique when the wall clock steps back within a boot.
public struct CallID: Hashable, Comparable, Sendable, RawRepresentable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public init(startedAt wall: WallInstant, counter: UInt32) {
        let milliseconds = UInt64(max(0, wall.nanoseconds / 1_000_000)) & 0xFFF_FFFF_FFFF
        rawValue = milliseconds &<< 20 | UInt64(counter & 0xF_FFFF)
    }

    /// Sixteen hexadecimal digits, as `description` prints them.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count == 16, let value = UInt64(text, radix: 16) else { return nil }
        rawValue = value
    }

    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

extension CallID: CustomStringConvertible {
    public var description: String {
        let digits = String(rawValue, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// The number of a trunk attempt within its call, from 1. One INVITE to one trunk is one attempt.
public struct AttemptNumber: Hashable, Comparable, Sendable, RawRepresentable {
    public let rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    public static let first = AttemptNumber(rawValue: 1)
    public var next: AttemptNumber { AttemptNumber(rawValue: rawValue + 1) }
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// The stream that an event belongs to: its call, else its trunk, else the node itself.
public struct FactStream: Hashable, Sendable, RawRepresentable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Facts about the agent as a whole.
    public static let node = FactStream(rawValue: 0)

    public init(_ call: CallID) { rawValue = call.rawValue }

    /// FNV-1a with the top bit set: call ids keep it clear until the year 2248.
    public init(_ trunk: TrunkName) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<trunk.name.count {
            hash = (hash ^ UInt64(trunk.name.byte(at: index))) &* 0x100_0000_01B3
        }
        rawValue = hash | 1 &<< 63
    }
}
