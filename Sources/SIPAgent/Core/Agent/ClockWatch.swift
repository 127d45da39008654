import TrunkEvents

/// Sees the wall clock move against the monotonic one. Crystals drift by less than a millisecond in
/// ten seconds, so what moves further between two looks was set by someone.
struct ClockWatch: Sendable {
    private var offset: Int64?

    static let tolerance = Nanoseconds.milliseconds(500)

    /// The step since the last look; `nil` when there was none. Drift is not added up: each look
    /// that finds no step is the new base.
    mutating func look(_ moment: Moment) -> Nanoseconds? {
        let current =
            moment.wall.nanoseconds &- Int64(bitPattern: moment.monotonic.nanoseconds)
        defer { offset = current }
        guard let offset else { return nil }
        let step = Nanoseconds(current &- offset)
        return abs(step.count) > Self.tolerance.count ? step : nil
    }
}
