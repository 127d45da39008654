// Facts about the sources that requests come from.

/// Requests of a dialer or a carrier that were dropped unanswered, in the minute that began then.
public struct RequestsDropped: Fact {
    public static let kind = FactKind.requestsDropped
    public static let version: UInt8 = 1

    public var source: IPAddress
    public var minute: WallInstant
    public var cause: DropCause
    public var count: UInt32

    public init(source: IPAddress, minute: WallInstant, cause: DropCause, count: UInt32) {
        self.source = source
        self.minute = minute
        self.cause = cause
        self.count = count
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        source = try decoder.read()
        minute = try decoder.read()
        cause = try decoder.read()
        count = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("source", source)
        visitor.field("minute", minute)
        visitor.field("cause", cause)
        visitor.field("count", count)
    }

    public var stream: FactStream { .node }
}

/// A source showed wrong passwords too often: until then its requests outside calls are dropped.
public struct SourceBanned: Fact {
    public static let kind = FactKind.sourceBanned
    public static let version: UInt8 = 1

    public var source: IPAddress
    /// As whom it called.
    public var dialer: ShortName
    /// Wrong passwords, the last one included.
    public var failures: UInt32
    public var until: WallInstant

    public init(source: IPAddress, dialer: ShortName, failures: UInt32, until: WallInstant) {
        self.source = source
        self.dialer = dialer
        self.failures = failures
        self.until = until
    }

    public init(from decoder: inout FactDecoder) throws(FactDecodingError) {
        source = try decoder.read()
        dialer = try decoder.read()
        failures = try decoder.read()
        until = try decoder.read()
    }

    public func visit(_ visitor: inout some FactVisitor) {
        visitor.field("source", source)
        visitor.field("dialer", dialer)
        visitor.field("failures", failures)
        visitor.field("until", until)
    }

    public var stream: FactStream { .node }
}
