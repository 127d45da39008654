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
    private var records = RecordSums()

    /// Begins with the log.
    public init() {}

    /// Begins at the last mark of ``OccupancyHistory`` before `instant`, or with the log where no
    /// mark is saved.
    ///
    /// - Parameter path: the ledger's directory.
    public init(ledger path: String, reader: LedgerReader, from instant: WallInstant) throws {
        let stores = StoreDirectory(ledger: path, mode: .reader)
        let head = try stores.head(of: reader)
        let marks: ProjectionRunner<OccupancyHistory> = try stores.runner(head, reader)
        let saved = RecordSums(try stores.runner(head, reader))
        let later = try InstantLookup.firstPosition(
            notBefore: instant.advanced(by: Nanoseconds(1)), in: reader)
        let last = min(later?.previous ?? head.position, saved.knownThrough)
        guard let mark = try marks.mark(through: last) else { return }
        position = mark.closedAt
        occupancy = try mark.occupancy()
        uptime = try CarrierUptime.causes(reader, through: position)
        records = saved
        try records.count(through: position)
    }

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
                occupancy: occupancy, uptime: uptime, totals: records.totals, now: instant))
    }

    /// Reads on to the last event before the next one that is later than `instant`.
    public mutating func advance(to instant: WallInstant, in reader: LedgerReader) throws {
        guard try reader.head().position > position else { return }
        try reader.read(from: position.next) { view in
            guard view.header.wallTime <= instant.nanoseconds else { return .stop }
            try view.withFact { (fact, stamp) throws(ProjectionFault) in
                try apply(fact, at: stamp)
            }
            return .next
        }
        try records.count(through: position)
    }

    private mutating func apply(
        _ fact: borrowing FactView, at stamp: Stamp
    ) throws(ProjectionFault) {
        var none: [NoRow] = []
        var spans: [UptimeSpan] = []
        try occupancy.apply(fact, at: stamp, finished: &none)
        try uptime.apply(fact, at: stamp, finished: &spans)
        records.apply(fact, at: stamp)
        position = stamp.position
    }
}
