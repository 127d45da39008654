/// Names the stream an event belongs to, e.g. one call. The ledger gives it no meaning.
public struct StreamID: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable  // a newtype must cost nothing in another module's fold
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// Names what an event is a fact of. The ledger gives it no meaning.
public struct EventKind: RawRepresentable, Hashable, Sendable {
    public var rawValue: UInt16

    @inlinable  // a newtype must cost nothing in another module's fold
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }
}

/// The part of an event that the ledger stores by field; the caller stamps both clocks.
public struct EventHeader: Hashable, Sendable {
    public var kind: EventKind
    /// The version of the payload's encoding, per kind.
    public var schemaVersion: UInt8
    public var stream: StreamID
    /// Nanoseconds since 1970-01-01 00:00 UTC, leap seconds not counted.
    public var wallTime: Int64
    /// Nanoseconds of a clock that never steps; comparable only within one ``BootID``.
    public var monotonicTime: UInt64

    @inlinable  // built once per event in another module
    public init(
        kind: EventKind, schemaVersion: UInt8, stream: StreamID,
        wallTime: Int64, monotonicTime: UInt64
    ) {
        self.kind = kind
        self.schemaVersion = schemaVersion
        self.stream = stream
        self.wallTime = wallTime
        self.monotonicTime = monotonicTime
    }
}
