public import TrunkEvents

/// The channels of a carrier's trunks taken together.
public struct CarrierOccupancy: Hashable, Sendable {
    public let carrier: CarrierName?
    public let inUse: UInt32
    public let inbound: UInt32
    /// Of all its trunks.
    public let cap: UInt32
    /// The most in use at once in the readings so far.
    public let peak: UInt32
    public let at: WallInstant

    public var outbound: UInt32 { inUse - inbound }

    /// Readings of trunks, in the order of the log, as readings of their carriers: one for each
    /// carrier that the first instant tells of, then one for each change.
    public static func readings(of trunks: [OccupancyReading]) -> [CarrierOccupancy] {
        var newest: [TrunkName: OccupancyReading] = [:]
        var peaks: [CarrierName?: UInt32] = [:]
        var readings: [CarrierOccupancy] = []
        for reading in trunks {
            let isFirst = newest.updateValue(reading, forKey: reading.trunk) == nil
            let own = newest.values.filter { $0.carrier == reading.carrier }
            let inUse = own.reduce(0) { $0 + $1.inUse }
            let peak = max(inUse, peaks[reading.carrier] ?? 0)
            let next = CarrierOccupancy(
                carrier: reading.carrier, inUse: inUse,
                inbound: own.reduce(0) { $0 + $1.inbound }, cap: own.reduce(0) { $0 + $1.cap },
                peak: peak, at: reading.at)
            // Trunks that one instant tells of are one reading of their carrier.
            let place = readings.lastIndex { $0.carrier == reading.carrier }
            if isFirst, let place, readings[place].at == reading.at {
                readings[place] = next
            } else {
                readings.append(next)
            }
            peaks[reading.carrier] = peak
        }
        return readings
    }
}
