import Ledger
public import TrunkEvents

/// Channel-holding time of a range, per trunk and hour: the integral of the channels in use.
public struct CarriedTraffic: Sendable {
    /// Of one trunk in one hour, or the part of it that lies in the range.
    public struct Cell: Hashable, Sendable {
        /// Sum over the channels of the time each was held.
        public internal(set) var held = Nanoseconds.zero
        public internal(set) var atCap = Nanoseconds.zero
        public internal(set) var span = Nanoseconds.zero
        public internal(set) var peak: UInt32 = 0
        public internal(set) var cap: UInt32 = 0
    }

    public struct Key: Hashable, Sendable {
        public var trunk: TrunkName
        /// The UTC hour's beginning.
        public var hour: WallInstant
    }

    public let from: WallInstant
    public let to: WallInstant
    public private(set) var cells: [Key: Cell] = [:]

    private var occupancy: TrunkOccupancy
    /// Up to where each trunk's time is counted.
    private var counted: [TrunkName: WallInstant] = [:]

    static let hour: Int64 = 3_600_000_000_000

    /// - Parameter occupancy: as an event before the range left it; without it, the fold begins
    ///   with the log.
    public init(
        from: WallInstant, to: WallInstant, occupancy: TrunkOccupancy = TrunkOccupancy()
    ) {
        self.from = from
        self.to = to
        self.occupancy = occupancy
    }

    public static func hour(of instant: WallInstant) -> WallInstant {
        let rest = instant.nanoseconds % hour
        return WallInstant(nanoseconds: instant.nanoseconds - (rest < 0 ? rest + hour : rest))
    }

    /// Takes every event of the log, in order, up to the end of the range.
    public mutating func apply(_ entry: LogEntry) {
        guard let name = entry.event.occupiedTrunk else { return }
        advance(name, to: entry.wall)
        var rows: [NoRow] = []
        occupancy.apply(entry, finished: &rows)
        if entry.wall >= from, entry.wall < to, let load = occupancy.trunks[name] {
            let key = Key(trunk: name, hour: Self.hour(of: entry.wall))
            cells[key, default: Cell()].see(load)
        }
    }

    /// Counts what is held to the end of the range.
    public mutating func finish() {
        for name in occupancy.trunks.keys { advance(name, to: to) }
    }

    private mutating func advance(_ name: TrunkName, to instant: WallInstant) {
        var start = max(counted[name] ?? from, from)
        let end = min(instant, to)
        guard let load = occupancy.trunks[name] else { return }
        while start < end {
            let hour = Self.hour(of: start)
            let next = min(end, hour.advanced(by: Nanoseconds(Self.hour)))
            cells[Key(trunk: name, hour: hour), default: Cell()].add(
                load, for: start.duration(to: next))
            start = next
        }
        counted[name] = max(counted[name] ?? from, end)
    }
}

extension CarriedTraffic.Cell {
    fileprivate mutating func add(_ load: TrunkLoad, for span: Nanoseconds) {
        self.span = self.span + span
        held = held + span * Int64(load.inUse)
        if load.inUse >= load.cap, load.cap > 0 { atCap = atCap + span }
        see(load)
    }

    fileprivate mutating func see(_ load: TrunkLoad) {
        peak = max(peak, load.inUse)
        cap = max(cap, load.cap)
    }

    /// Of another hour of the same trunk.
    mutating func extend(by later: Self) {
        span = span + later.span
        held = held + later.held
        atCap = atCap + later.atCap
        peak = max(peak, later.peak)
        cap = max(cap, later.cap)
    }

    /// Of another trunk in the same time. Peaks of two trunks need not fall together: their sum
    /// is an upper bound and is not shown; time at cap is of the trunk that was longest there.
    mutating func join(_ other: Self) {
        span = max(span, other.span)
        held = held + other.held
        atCap = max(atCap, other.atCap)
        cap += other.cap
        peak += other.peak
    }
}
