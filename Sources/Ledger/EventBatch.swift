/// Events that become durable together: all of them or none, at consecutive positions.
///
/// Payloads share one buffer, so that an event costs no allocation of its own.
public struct EventBatch: Sendable {
    struct Entry: Sendable {
        var header: EventHeader
        /// Where this payload ends in `payloads`; it begins where the one before it ends.
        var payloadEnd: UInt32
    }

    private(set) var entries: [Entry] = []
    private(set) var payloads: [UInt8] = []

    /// Bytes of the largest payload.
    private(set) var largestPayload = 0

    public init() {}

    /// Makes room for `events` events with `payloadBytes` bytes of payload in all.
    public init(reservingEvents events: Int, payloadBytes: Int) {
        entries.reserveCapacity(events)
        payloads.reserveCapacity(payloadBytes)
    }

    /// The number of events.
    public var count: Int { entries.count }

    /// Bytes of payload in all.
    public var byteCount: Int { payloads.count }

    public var isEmpty: Bool { entries.isEmpty }

    /// Adds an event. The bytes are copied; a batch over the limits is refused when appended.
    public mutating func append(_ header: EventHeader, payload: RawSpan) {
        // The view is only read while the array copies from it.
        unsafe payload.withUnsafeBytes { unsafe payloads.append(contentsOf: $0) }
        close(header)
    }

    /// Adds an event. The bytes are copied; a batch over the limits is refused when appended.
    public mutating func append(_ header: EventHeader, payload: Span<UInt8>) {
        // UInt8 has no padding whose bytes could be uninitialised.
        unsafe append(header, payload: payload.bytes)
    }

    /// Adds an event. The bytes are copied; a batch over the limits is refused when appended.
    public mutating func append(_ header: EventHeader, payload: [UInt8]) {
        payloads.append(contentsOf: payload)
        close(header)
    }

    /// Forgets the events and keeps the room they took.
    public mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        payloads.removeAll(keepingCapacity: true)
        largestPayload = 0
    }

    private mutating func close(_ header: EventHeader) {
        precondition(payloads.count <= UInt32.max, "a batch holds at most 4 GiB of payload")
        largestPayload = max(largestPayload, payloads.count - Int(entries.last?.payloadEnd ?? 0))
        entries.append(Entry(header: header, payloadEnd: UInt32(payloads.count)))
    }
}
