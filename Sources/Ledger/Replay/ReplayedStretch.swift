/// Events of a stretch, copied out of the log, so that another thread may look at them later.
///
/// One thread at a time has it; it is filled again and again, since room that was used before
/// costs less than fresh room.
// @unchecked: `ReplayRooms` and `StretchCrew` hand it from thread to thread under their locks.
final class ReplayedStretch: @unchecked Sendable {
    private struct Entry {
        var position: Position
        var header: EventHeader
        var bootID: BootID
        /// Where this payload ends in `payloads`; it begins where the one before it ends.
        var payloadEnd: Int
    }

    private var entries: [Entry] = []
    private var payloads: [UInt8] = []
    /// Where the copying began.
    private(set) var first = Position.first
    /// Where the copying ended.
    private(set) var scan = EventScan(EventQuery(), end: .zero)
    /// Whether `scan` is at its end; else the payloads would have got too large.
    private(set) var isWhole = true

    /// Copies what `scan` visits, in place of what was there.
    func fill(_ scan: EventScan, _ reader: LedgerReader) throws(LedgerError) {
        var scan = scan
        first = scan.next
        // Moved out while they grow: in a class, each access would be checked.
        var entries: [Entry] = []
        var payloads: [UInt8] = []
        swap(&entries, &self.entries)
        swap(&payloads, &self.payloads)
        entries.removeAll(keepingCapacity: true)
        payloads.removeAll(keepingCapacity: true)
        var progress = EventScan.Progress.more
        while progress == .more, payloads.count < LedgerLimits.stretchBytesMax {
            progress = try reader.withSnapshot(scan.next) { snapshot throws(Corruption) in
                try scan.readChunk(snapshot) { event in
                    // The view is only read while the array copies from it.
                    unsafe event.payload.withUnsafeBytes {
                        unsafe payloads.append(contentsOf: $0)
                    }
                    entries.append(
                        Entry(
                            position: event.position, header: event.header,
                            bootID: event.bootID, payloadEnd: payloads.count))
                    return .next
                }
            }
        }
        self.entries = entries
        self.payloads = payloads
        self.scan = scan
        isWhole = progress != .more
    }

    /// Calls `body` with each event, in order, until it answers `.stop`.
    func forEach(_ body: (borrowing EventView) throws -> ReadStep) rethrows -> ReadStep {
        let payloads = self.payloads
        // UInt8 has no padding whose bytes could be uninitialised.
        let bytes = unsafe payloads.span.bytes
        var start = 0
        for entry in entries {
            let event = EventView(
                position: entry.position, header: entry.header, bootID: entry.bootID,
                payload: bytes.extracting(start..<entry.payloadEnd))
            if try body(event) == .stop { return .stop }
            start = entry.payloadEnd
        }
        return .next
    }
}

/// Stretches that were looked at and wait to be filled again.
final class ReplayRooms: Sendable {
    private let rooms = Gated<[ReplayedStretch]>([])

    func take() -> ReplayedStretch {
        rooms.withLock { $0.popLast() } ?? ReplayedStretch()
    }

    func give(_ room: ReplayedStretch) {
        rooms.withLock { $0.append(room) }
    }
}
