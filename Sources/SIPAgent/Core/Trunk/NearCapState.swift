import TrunkEvents

/// Whether a load is near its cap, with hysteresis: reached at so many percent of the cap (rounded
/// up), left a tenth of the cap (at least one channel) below that. In between it stays as it was,
/// so that a trunk which works at its threshold does not fill the log.
struct NearCapState: Hashable, Sendable {
    private(set) var isNear = false

    enum Crossing: Hashable, Sendable {
        case reached
        case left
    }

    /// - Parameters:
    ///   - cap: `nil` where there is none to be near.
    ///   - percent: `nil` where nobody wants to know.
    mutating func update(inUse: UInt32, cap: UInt32?, percent: UInt32?) -> Crossing? {
        let wasNear = isNear
        isNear = Self.isNear(inUse, cap ?? 0, percent, wasNear: wasNear)
        switch (wasNear, isNear) {
        case (false, true): return .reached
        case (true, false): return .left
        case (false, false), (true, true): return nil
        }
    }

    private static func isNear(
        _ inUse: UInt32, _ cap: UInt32, _ percent: UInt32?, wasNear: Bool
    ) -> Bool {
        guard let percent, cap > 0 else { return false }
        let cap = UInt64(cap)
        let threshold = max(1, (cap * UInt64(percent) + 99) / 100)
        let gap = max(1, (cap + 9) / 10)
        let floor = threshold > gap ? threshold - gap : 0
        return UInt64(inUse) >= threshold || (wasNear && UInt64(inUse) > floor)
    }
}
