import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct SourceRatesTests {
    private let one = IPAddress(v4: 0x0A00_0001)
    private let other = IPAddress(v4: 0x0A00_0002)
    private let limit = RequestRateLimit(requestsPerSecond: 10)

    private func at(_ milliseconds: UInt64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: 1_000_000_000 + milliseconds * 1_000_000)
    }

    /// How many of these requests find a token.
    private func taken(
        _ rates: inout SourceRates, from sources: [IPAddress], at milliseconds: UInt64
    ) -> Int {
        sources.count { rates.take(from: $0, limit, at: at(milliseconds)) }
    }

    @Test func aSecondsWorthMayComeAtOnceAndThenOneByOne() {
        var rates = SourceRates()
        let twelve = [IPAddress](repeating: one, count: 12)
        #expect(taken(&rates, from: twelve, at: 0) == 10)
        #expect(taken(&rates, from: [other], at: 0) == 1)
        #expect(taken(&rates, from: [one], at: 99) == 0)
        #expect(taken(&rates, from: [one, one], at: 100) == 1)
        // A full bucket holds no more than the limit.
        #expect(taken(&rates, from: twelve, at: 60_000) == 10)
    }

    /// In any stretch of time: what a full bucket holds, and what comes back meanwhile.
    @Test func noSourceGetsMoreThanItsShare() {
        let seed = Seed(for: "noSourceGetsMoreThanItsShare")
        var random = seed.generator()
        var rates = SourceRates()
        var taken: [UInt64] = []
        var now: UInt64 = 0
        for _ in 0..<2_000 {
            now += UInt64.random(in: 0...60, using: &random)
            if rates.take(from: one, limit, at: at(now)) { taken.append(now) }
        }
        for (index, start) in taken.enumerated() {
            let within = taken[index...].prefix { $0 <= start + 1_000 }
            #expect(within.count <= 21, "\(seed)")
        }
        #expect(taken.count >= Int(now / 100) - 10, "\(seed)")
    }

    @Test func theTableIsBoundedAndTheRestShareABucket() {
        var rates = SourceRates()
        let sources = (0..<UInt32(SourceRates.sourcesMax + 50)).map { IPAddress(v4: $0 + 1) }
        #expect(taken(&rates, from: sources, at: 0) == sources.count - 40)
        // Once their buckets are full again, others have room.
        #expect(taken(&rates, from: Array(sources.suffix(100)), at: 5_000) == 100)
    }
}
