public import TrunkEvents

/// One line of the trunk wall: a trunk as `status` shows it.
public struct TrunkWallLine: Hashable, Sendable {
    public let trunk: TrunkName
    public let carrier: CarrierName?
    public let inUse: UInt32
    public let cap: UInt32
    public let peak: UInt32
    /// Calls turned away because the trunk was full.
    public let blocked: UInt64
    public let state: UptimeState
    public let cause: UptimeCause
    /// What the registrar said last; `nil` on trunks that do not register, or before its answer.
    public let registration: UptimeCause?
    /// What the last probe or call said; `nil` before the first.
    public let reachability: UptimeCause?
    public let registers: Bool
    public let isProbed: Bool
    /// Until then the whole trunk has asked for no new calls; `nil` where it takes them.
    public let restsUntil: WallInstant?
    public let totals: TrunkTotals

    /// Every configured trunk, by name.
    ///
    /// `now` is the wall clock of whoever asks: an agent that is silent for too long makes every
    /// trunk unknown.
    public static func lines(
        occupancy: TrunkOccupancy, uptime: CarrierUptime,
        totals allTotals: [TrunkName: TrunkTotals], now: WallInstant
    ) -> [TrunkWallLine] {
        let spans = uptime.openSpans(now: now)
        return occupancy.readings(at: now).map { reading in
            let load = occupancy.trunks[reading.trunk] ?? TrunkLoad()
            let evidence = uptime.trunks[reading.trunk]
            let newest = spans.filter { $0.subject.trunk == reading.trunk }
                .max { $0.to < $1.to }
            let cause = newest?.cause ?? evidence?.cause ?? UptimeCause(.noEvidence)
            return TrunkWallLine(
                trunk: reading.trunk, carrier: reading.carrier, inUse: reading.inUse,
                cap: reading.cap, peak: reading.peak, blocked: load.blocked, state: cause.state,
                cause: cause, registration: evidence?.registration,
                reachability: evidence?.reachability,
                registers: evidence?.authentication == .registration,
                isProbed: evidence?.isProbed ?? false,
                restsUntil: evidence?.restsUntil.flatMap { $0 > now ? $0 : nil },
                totals: allTotals[reading.trunk] ?? TrunkTotals())
        }
    }
}
