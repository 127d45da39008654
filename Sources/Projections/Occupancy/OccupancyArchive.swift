public import Ledger
public import TrunkEvents

/// The channels in use at any instant of the past.
///
/// An answer begins at the last mark of ``OccupancyHistory`` before it and folds at most
/// ``OccupancyHistory/stride`` events from there, however long the log is. Only what no agent has
/// saved yet is folded besides.
public struct OccupancyArchive {
    private let reader: LedgerReader
    private var runner: ProjectionRunner<OccupancyHistory>

    /// - Parameter path: the ledger's directory.
    public init(ledger path: String, reader: LedgerReader) throws {
        self.reader = reader
        let stores = StoreDirectory(ledger: path, mode: .reader)
        let head = try stores.head(of: reader)
        runner = try stores.runner(head, reader)
        try catchUp(head.position)
    }

    private mutating func catchUp(_ last: Position) throws {
        try reader.read(from: runner.position.next, through: last) { view in
            try view.withFact { runner.apply($0, at: $1) }
            return .next
        }
        if let fault = runner.fault { throw fault }
    }

    /// As it is now.
    public var newest: TrunkOccupancy { runner.state.occupancy }

    /// As it was at `instant`; see ``InstantLookup`` for clocks that were set back.
    public func occupancy(at instant: WallInstant) throws -> TrunkOccupancy {
        try occupancy(after: InstantLookup.lastPosition(notAfter: instant, in: reader))
    }

    /// As the event there left it; nothing before the first.
    public func occupancy(after position: Position) throws -> TrunkOccupancy {
        var occupancy = TrunkOccupancy()
        var next = Position.first
        if let mark = try runner.mark(through: position) {
            occupancy = try mark.occupancy()
            next = mark.closedAt.next
        }
        let query = EventQuery(from: next, through: position, kinds: TrunkOccupancy.eventKinds)
        try reader.read(query) { view in
            try occupancy.apply(LogEntry(needed: view))
            return .next
        }
        return occupancy
    }

    /// How the channels in use moved: nothing before `from` is folded but what lies behind its
    /// mark. Without `from` from the first event on, without `to` up to the newest.
    public func steps(
        from: WallInstant?, to: WallInstant?, trunk: TrunkName?
    ) throws -> [OccupancyReading] {
        let last = try to.map { try InstantLookup.lastPosition(notAfter: $0, in: reader) }
        let through = try last ?? reader.head().position
        guard through > .zero else { return [] }
        let before = try from.map { try InstantLookup.lastPosition(notAfter: $0, in: reader) }
        let begin = try from ?? InstantLookup.firstInstant(of: reader)
        let after = min(before ?? .zero, through)
        var steps = OccupancySteps(
            trunk: trunk, after: after, from: begin, occupancy: try occupancy(after: after))
        try reader.replay(TrunkOccupancy.eventKinds, from: after.next, through: through) { view in
            steps.apply(try LogEntry(needed: view))
            return .next
        }
        steps.finish()
        return steps.readings
    }
}

extension ProjectionRunner<OccupancyHistory> {
    /// The last mark that stands at or before an event.
    func mark(through position: Position) throws(LedgerError) -> OccupancyMark? {
        // They stand at every multiple of the stride; the log may have grown since they were read.
        let count = min(position.rawValue / OccupancyHistory.stride, rowCount)
        return try count > 0 ? row(count - 1) : nil
    }
}
