import TrunkEvents

/// Whether a trunk's load is near its cap, with hysteresis: reached at `nearCapPercent` of the cap
/// (rounded up), left a tenth of the cap (at least one channel) below that. In between it stays as it
/// was, so a trunk that works at its threshold does not fill the log.
struct NearCapState: Hashable, Sendable {
    private(set) var isNear = false

    enum Crossing: Hashable, Sendable {
        case reached
        case left
    }

    mutating func update(inUse: UInt32, limits: ChannelLimits) -> Crossing? {
        let wasNear = isNear
        isNear = Self.isNear(inUse, limits, wasNear: wasNear)
        switch (wasNear, isNear) {
        case (false, true): return .reached
        case (true, false): return .left
        case (false, false), (true, true): return nil
        }
    }

    private static func isNear(_ inUse: UInt32, _ limits: ChannelLimits, wasNear: Bool) -> Bool {
        guard let percent = limits.nearCapPercent, limits.total > 0 else { return false }
        let cap = UInt64(limits.total)
        let threshold = max(1, (cap * UInt64(percent) + 99) / 100)
        let gap = max(1, (cap + 9) / 10)
        let floor = threshold > gap ? threshold - gap : 0
        return UInt64(inUse) >= threshold || (wasNear && UInt64(inUse) > floor)
    }
}
