public import TrunkEvents

/// A range of time, cut into equal stretches: the columns of a curve.
public struct TimeStretches: Hashable, Sendable {
    public let from: WallInstant
    public let to: WallInstant
    public let count: Int

    public init(from: WallInstant, to: WallInstant, count: Int) {
        precondition(count > 0 && from <= to, "a range forward, of a stretch at least")
        self.from = from
        self.to = to
        self.count = count
    }

    /// How long one of them is, in seconds.
    public var seconds: Double { Double(from.duration(to: to).count) / 1e9 / Double(count) }

    /// The stretch that an instant falls into; the nearest for one outside.
    public func index(of instant: WallInstant) -> Int {
        let share =
            Double(from.duration(to: instant).count)
            / Double(max(1, from.duration(to: to).count))
        return min(max(0, Int(min(max(share, 0), 1) * Double(count))), count - 1)
    }
}
