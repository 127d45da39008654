/// The place of an event in its ledger: gapless, counted from 1, never reused.
public struct Position: RawRepresentable, Hashable, Comparable, Sendable {
    public var rawValue: UInt64

    @inlinable  // a newtype must cost nothing in another module's fold
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Before the first event; the head of an empty ledger.
    public static let zero = Position(rawValue: 0)

    /// The first event of every ledger.
    public static let first = Position(rawValue: 1)

    @inlinable  // see init
    public static func < (left: Position, right: Position) -> Bool {
        left.rawValue < right.rawValue
    }

    /// The position before this one.
    public var previous: Position {
        precondition(rawValue > 0, "nothing is before zero")
        return Position(rawValue: rawValue - 1)
    }

    /// The position after this one.
    @inlinable  // see init
    public var next: Position {
        precondition(rawValue < .max, "positions are exhausted")
        return Position(rawValue: rawValue &+ 1)
    }
}

extension Position: CustomStringConvertible {
    public var description: String { String(rawValue) }
}
