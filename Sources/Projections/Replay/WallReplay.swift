public import Ledger
public import TrunkEvents

/// The trunk wall as it was, moving forward through a log.
///
/// It never goes back: where the wall clock was set back, what came after it waits until the
/// replay has passed the time at which the clock was set.
public struct WallReplay: Sendable {
    /// The wall at one instant.
    public struct Frame: Hashable, Sendable {
        public let at: WallInstant
        public let lines: [TrunkWallLine]
    }

    /// The last event that was seen.
    public private(set) var position = Position.zero
    private var occupancy = TrunkOccupancy()
    private var uptime = CarrierUptime()
    private var records = CallDetailRecords()

    public init() {}

    /// Shows the wall at `from`, then every `step` of the log's time, and at `to`.
    public mutating func play(
        _ reader: LedgerReader, from: WallInstant, to: WallInstant, step: Nanoseconds,
        _ show: (Frame) throws -> ReadStep
    ) throws {
        precondition(step > .zero, "a replay moves forward")
        var instant = from
        while true {
            try advance(to: instant, in: reader)
            guard try show(frame(at: instant)) == .next, instant < to else { return }
            instant = min(instant.advanced(by: step), to)
        }
    }

    public func frame(at instant: WallInstant) -> Frame {
        Frame(
            at: instant,
            lines: TrunkWallLine.lines(
                occupancy: occupancy, uptime: uptime, records: records, now: instant))
    }

    /// Reads on to the last event before the next one that is later than `instant`.
    public mutating func advance(to instant: WallInstant, in reader: LedgerReader) throws {
        guard try reader.head().position > position else { return }
        try reader.read(from: position.next) { view in
            guard view.header.wallTime <= instant.nanoseconds else { return .stop }
            try apply(try LogEntry.decoded(view).get())
            return .next
        }
    }

    public mutating func apply(_ entry: LogEntry) throws(ProjectionFault) {
        var spans: [UptimeSpan] = []
        var rows: [CDRRow] = []
        try occupancy.apply(entry)
        uptime.apply(entry, finished: &spans)
        records.apply(entry, finished: &rows)
        position = entry.position
    }
}
