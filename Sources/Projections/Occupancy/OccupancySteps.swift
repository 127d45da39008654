public import Ledger
public import TrunkEvents

/// How the channels in use moved over a range of the log.
///
/// Bounds are positions: an instant becomes one through ``InstantLookup``, so that a wall clock
/// that was set back cannot put an event on two sides of a bound.
public struct OccupancySteps: Sendable {
    /// `nil` for every trunk.
    public let trunk: TrunkName?
    /// The last event before the range.
    public let after: Position
    public let from: WallInstant
    /// The trunks as the range begins, then one reading per change, in the order of the log.
    /// `peak` is the most in use at once within the range.
    public private(set) var readings: [OccupancyReading] = []

    private var occupancy = TrunkOccupancy()
    private var peaks: [TrunkName: UInt32] = [:]
    private var hasBegun = false

    /// - Parameter occupancy: as some event up to `position` left it; without it, the fold begins
    ///   with the log.
    public init(
        trunk: TrunkName? = nil, after position: Position, from instant: WallInstant,
        occupancy: TrunkOccupancy = TrunkOccupancy()
    ) {
        self.trunk = trunk
        after = position
        from = instant
        self.occupancy = occupancy
    }

    /// Takes the events that come after the occupancy it began with, in order, up to the end of
    /// the range.
    public mutating func apply(_ entry: LogEntry) {
        if entry.position > after { begin() }
        guard let name = entry.event.occupiedTrunk else { return }
        let before = reading(of: name, at: entry.wall)
        var rows: [NoRow] = []
        occupancy.apply(entry, finished: &rows)
        guard hasBegun, trunk == nil || trunk == name else { return }
        guard let now = reading(of: name, at: entry.wall) else { return }
        guard before?.inUse != now.inUse || before?.cap != now.cap else { return }
        readings.append(now)
    }

    /// Call at the end: a range without any event still has its first readings.
    public mutating func finish() { begin() }

    private mutating func begin() {
        guard !hasBegun else { return }
        hasBegun = true
        for first in occupancy.readings(at: from) where trunk == nil || trunk == first.trunk {
            peaks[first.trunk] = first.inUse
            readings.append(first.with(peak: first.inUse))
        }
    }

    private mutating func reading(
        of name: TrunkName, at instant: WallInstant
    ) -> OccupancyReading? {
        guard let load = occupancy.trunks[name] else { return nil }
        let peak = max(peaks[name] ?? 0, load.inUse)
        if hasBegun { peaks[name] = peak }
        return OccupancyReading(trunk: name, load: load, at: instant).with(peak: peak)
    }
}

extension OccupancyReading {
    fileprivate func with(peak: UInt32) -> Self {
        OccupancyReading(
            trunk: trunk, carrier: carrier, inUse: inUse, inbound: inbound, cap: cap, peak: peak,
            at: at)
    }
}

extension Event {
    /// The trunk whose occupancy or cap the event may change.
    var occupiedTrunk: TrunkName? {
        switch self {
        case .trunkConfigured(let fact): fact.trunk
        case .trunkRemoved(let fact): fact.trunk
        case .channelSeized(let fact): fact.trunk
        case .channelReleased(let fact): fact.trunk
        case .agentStarted, .agentStopped, .heartbeat, .clockStepped, .strangersDropped,
            .requestsDropped, .sourceBanned, .trunkNearCap, .trunkBelowCap, .trunkReachable,
            .trunkUnreachable, .trunkLocated, .trunkResting,
            .registrationSucceeded, .registrationFailed, .registrationExpired,
            .registrationRemoved, .callStarted, .routeChosen, .callAnswered, .callModified,
            .callEnded, .callRecovered, .channelRefused, .attemptSent, .attemptProgressed,
            .attemptAnswered, .attemptFailed, .exportClosed, .exportDelivered, .exportFailed,
            .callContinued, .callInterim, .sequencesReserved, .modificationSent,
            .modificationFailed, .sessionTimerChanged, .transferBegun,
            .callTransferred, .rateDeckLoaded, .invoiceLoaded:
            nil
        }
    }
}
