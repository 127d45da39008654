public import TrunkEvents

/// The most channels of a trunk that were in use at once, in each of some stretches of time.
public struct OccupancyCurve: Hashable, Sendable {
    public let trunk: TrunkName
    /// The highest cap within the range.
    public let cap: UInt32
    public let peaks: [UInt32]

    /// - Parameter readings: of one trunk, in the order of the log; the first says how it began.
    init(_ trunk: TrunkName, _ readings: [OccupancyReading], _ stretches: TimeStretches) {
        var peaks = [UInt32](repeating: 0, count: stretches.count)
        var place = 0
        var inUse: UInt32 = 0
        for reading in readings {
            // A wall clock that was set back moves nothing back.
            let next = max(place, stretches.index(of: reading.at))
            for index in place...next { peaks[index] = max(peaks[index], inUse) }
            place = next
            inUse = reading.inUse
            peaks[place] = max(peaks[place], inUse)
        }
        for index in place..<stretches.count { peaks[index] = max(peaks[index], inUse) }
        self.trunk = trunk
        self.peaks = peaks
        cap = readings.map(\.cap).max() ?? 0
    }

    /// Each trunk's, by name.
    public static func curves(
        of readings: [OccupancyReading], _ stretches: TimeStretches
    ) -> [OccupancyCurve] {
        Dictionary(grouping: readings, by: \.trunk)
            .map { OccupancyCurve($0.key, $0.value, stretches) }
            .sorted { $0.trunk.precedes($1.trunk) }
    }
}
