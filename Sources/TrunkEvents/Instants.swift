/// Nanoseconds since 1970-01-01T00:00:00Z: what people and invoices speak of. May step.
public struct WallInstant: Hashable, Comparable, Sendable {
    public let nanoseconds: Int64
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }
    public func advanced(by span: Nanoseconds) -> Self {
        WallInstant(nanoseconds: nanoseconds &+ span.count)
    }
    public func duration(to later: Self) -> Nanoseconds {
        Nanoseconds(later.nanoseconds &- nanoseconds)
    }
}

/// Nanoseconds of a clock that never steps. Comparable within one boot of the agent only.
public struct MonotonicInstant: Hashable, Comparable, Sendable {
    public let nanoseconds: UInt64
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }
    public func advanced(by span: Nanoseconds) -> Self {
        MonotonicInstant(nanoseconds: nanoseconds &+ UInt64(bitPattern: span.count))
    }
    public func duration(to later: Self) -> Nanoseconds {
        Nanoseconds(Int64(bitPattern: later.nanoseconds &- nanoseconds))
    }
}

extension MonotonicInstant? {
    /// The earlier of two deadlines, each of which may be absent.
    public func earlier(_ other: Self) -> Self {
        guard let self, let other else { return self ?? other }
        return Swift.min(self, other)
    }
}

/// The moment at which something happened, on both clocks.
public struct Moment: Hashable, Sendable {
    public let wall: WallInstant
    public let monotonic: MonotonicInstant
    public init(wall: WallInstant, monotonic: MonotonicInstant) {
        self.wall = wall
        self.monotonic = monotonic
    }
}

/// A length of time.
public struct Nanoseconds: Hashable, Comparable, Sendable {
    public let count: Int64
    @inlinable  // a newtype must cost nothing in another module's fold
    public init(_ count: Int64) { self.count = count }
    public static func milliseconds(_ count: Int64) -> Self { Self(count * 1_000_000) }
    public static func seconds(_ count: Int64) -> Self { Self(count * 1_000_000_000) }
    @inlinable  // see init(_:)
    public static var zero: Self { Self(0) }
    /// Whole milliseconds, the rest dropped.
    public var milliseconds: Int64 { count / 1_000_000 }
    public static func < (lhs: Self, rhs: Self) -> Bool { lhs.count < rhs.count }
    public static func + (lhs: Self, rhs: Self) -> Self { Self(lhs.count + rhs.count) }
    public static func - (lhs: Self, rhs: Self) -> Self { Self(lhs.count - rhs.count) }
    public static func * (lhs: Self, rhs: Int64) -> Self { Self(lhs.count * rhs) }
}
