/// Events of a stretch of the log, copied out of it, so that any thread may look at them at any
/// time, and as often as it likes.
///
/// Whoever lets go of it last gives its room back, to be filled again: room that was used before
/// costs less than fresh room.
public final class EventStretch: Sendable {
    @usableFromInline let events: CopiedEvents
    private let rooms: StretchRooms

    init(_ events: consuming CopiedEvents, _ rooms: StretchRooms) {
        self.events = events
        self.rooms = rooms
    }

    deinit { rooms.give(events) }

    /// What its events are facts of, each kind once.
    public var kinds: [EventKind] { events.kinds }

    /// The last event; `nil` in a stretch without any that was asked for.
    public var last: Position? { events.entries.last?.position }

    /// Calls `body` with each event, in order, until it answers `.stop`.
    @inlinable  // what is done with an event is compiled into the loop
    @discardableResult
    public func forEach<Failure: Error>(
        _ body: (borrowing EventView) throws(Failure) -> ReadStep
    ) throws(Failure) -> ReadStep {
        let events = events
        // UInt8 has no padding whose bytes could be uninitialised.
        let bytes = unsafe events.payloads.span.bytes
        let entries = events.entries.span
        var index = 0
        for boot in events.boots {
            while index < boot.end {
                let entry = entries[index]
                index += 1
                let place = Int(entry.payload.start)..<Int(entry.payload.end)
                let event = EventView(
                    position: entry.position, header: entry.header, bootID: boot.id,
                    payload: bytes.extracting(place))
                if try body(event) == .stop { return .stop }
            }
        }
        return .next
    }
}

/// Room for stretches that nobody looks at any more.
final class StretchRooms: Sendable {
    private let rooms = Gated<[CopiedEvents]>([])

    /// Room without events.
    func take() -> CopiedEvents {
        var room = rooms.withLock { $0.popLast() } ?? CopiedEvents()
        room.removeAll()
        return room
    }

    func give(_ room: CopiedEvents) {
        rooms.withLock { $0.append(room) }
    }
}
