import TrunkEvents

/// A bucket of tokens for each source, as many as the limit, that fills evenly. A bucket is the one
/// instant at which it would be full again (the virtual scheduling of ITU-T I.371).
struct SourceRates: Sendable {
    private var fullAt: [IPAddress: MonotonicInstant] = [:]

    /// Sources beyond this many, whose buckets are not full, share one.
    static let sourcesMax = 1_024
    private static let others = IPAddress(high: 0, low: 0)

    /// Takes a token; false where there is none.
    mutating func take(
        from source: IPAddress, _ limit: RequestRateLimit, at now: MonotonicInstant
    ) -> Bool {
        let bucket = bucket(of: source, at: now)
        let next = max(fullAt[bucket] ?? now, now).advanced(by: limit.interval)
        let depth = limit.interval * Int64(limit.requestsPerSecond)
        guard now.duration(to: next) <= depth else { return false }
        fullAt[bucket] = next
        return true
    }

    private mutating func bucket(of source: IPAddress, at now: MonotonicInstant) -> IPAddress {
        if fullAt[source] != nil || fullAt.count < Self.sourcesMax { return source }
        // A full bucket needs no place.
        fullAt = fullAt.filter { $0.value > now }
        return fullAt.count < Self.sourcesMax ? source : Self.others
    }
}
