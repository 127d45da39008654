/// Events of a stretch, copied out of the log: their payloads lie together, and each event says
/// where its own is.
@usableFromInline  // `EventStretch.forEach` is compiled into its caller
struct CopiedEvents: Sendable {
    @usableFromInline  // see above
    struct Entry: Sendable {
        @usableFromInline let position: Position
        @usableFromInline let header: EventHeader
        @usableFromInline let payload: Place
    }

    /// Where a payload lies in ``payloads``.
    @usableFromInline  // see above
    struct Place: Sendable {
        @usableFromInline let start: UInt32
        @usableFromInline let end: UInt32
    }

    @usableFromInline private(set) var entries: [Entry] = []
    /// The index after the last event of each boot; most stretches lie within one.
    @usableFromInline private(set) var boots: [(end: Int, id: BootID)] = []
    /// As long as it ever was: its first ``payloadBytes`` are in use.
    @usableFromInline private(set) var payloads: [UInt8] = []
    private(set) var payloadBytes = 0
    private(set) var kinds: [EventKind] = []

    /// Forgets the events and keeps their room.
    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        boots.removeAll(keepingCapacity: true)
        payloadBytes = 0
        kinds.removeAll(keepingCapacity: true)
    }

    mutating func append(_ event: borrowing EventView) {
        append(event.position, event.header, event.payload)
        note(event.header.kind)
        note(event.bootID, through: entries.count)
    }

    /// Appends all events of a segment.
    mutating func append(allOf segment: SegmentView) throws(Corruption) {
        var decoder = try SegmentDecoder(segment)
        let start = entries.count
        let (first, count) = (segment.header.first.rawValue, segment.header.count)
        entries.reserveCapacity(start + count)
        for index in 0..<count {
            let row = try decoder.row(index, in: segment)
            let position = Position(rawValue: first + UInt64(index))
            let header = decoder.header(row)
            try decoder.withPayload(row, in: segment) { append(position, header, $0) }
        }
        for tag in decoder.tags { note(tag.kind) }
        for boot in decoder.boots { note(boot.id, through: start + boot.end) }
    }

    @inline(__always)  // once for every event of a segment
    private mutating func append(
        _ position: Position, _ header: EventHeader, _ payload: RawSpan
    ) {
        let start = payloadBytes
        payloadBytes += payload.byteCount
        let missing = payloadBytes - payloads.count
        if missing > 0 {
            // Doubled at least: what is there is copied.
            payloads.append(contentsOf: repeatElement(0, count: max(missing, payloads.count)))
        }
        // The span is only read while its bytes are copied, to room that was made for them.
        unsafe payloads.withUnsafeMutableBytes { room in
            let target = unsafe UnsafeMutableRawBufferPointer(rebasing: room[start...])
            unsafe payload.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
        }
        entries.append(
            Entry(position: position, header: header, payload: Place(start..<payloadBytes)))
    }

    private mutating func note(_ kind: EventKind) {
        if !kinds.contains(kind) { kinds.append(kind) }
    }

    /// The events before the index `end` that are of no boot yet are of this one.
    private mutating func note(_ boot: BootID, through end: Int) {
        if boots.last?.id == boot { boots.removeLast() }
        boots.append((end, boot))
    }
}

extension CopiedEvents.Place {
    init(_ bounds: Range<Int>) {
        // A stretch is far smaller than 4 GiB; see `LedgerLimits.stretchBytesMax`.
        start = UInt32(bounds.lowerBound)
        end = UInt32(bounds.upperBound)
    }
}
