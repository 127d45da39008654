import Testing
import TrunkEvents

@testable import SIPAgent

struct RegistrationTimingTests {
    // kamailio PR#2765: the refresh came too late.
    @Test(arguments: [1, 30, 60, 120, 300, 1800, 3600, 86_400] as [Int64])
    func aRefreshIsNeitherEarlyNorOnTheEdge(_ seconds: Int64) {
        var entropy = Entropy.seeded(UInt64(seconds))
        let lifetime = Nanoseconds.seconds(seconds)
        for _ in 0..<100 {
            let delay = RegistrationTiming.refreshDelay(lifetime: lifetime, entropy: &entropy)
            let share = Double(delay.count) / Double(lifetime.count)
            #expect((0.45...0.8).contains(share))
            // Two REGISTERs that nobody answers still leave time, where there is any.
            if seconds >= 128 { #expect(lifetime - delay >= .seconds(64)) }
        }
    }

    @Test func refreshesAreSpread() {
        var entropy = Entropy.seeded(3)
        let delays = Set((0..<50).map { _ in
            RegistrationTiming.refreshDelay(lifetime: .seconds(3600), entropy: &entropy)
        })
        #expect(delays.count == 50)
    }

    @Test(arguments: [
        (1, RegistrationTiming.Severity.passing, 10), (2, .passing, 20), (5, .passing, 160),
        (6, .passing, 300), (1, .lasting, 60), (3, .lasting, 240), (1_000_000, .lasting, 300),
    ] as [(Int, RegistrationTiming.Severity, Int64)])
    func waitsLieBetweenHalfAndAll(
        _ failures: Int, _ severity: RegistrationTiming.Severity, _ most: Int64
    ) {
        var entropy = Entropy.seeded(9)
        for _ in 0..<100 {
            let delay = RegistrationTiming.retryDelay(
                failures: failures, severity: severity, retryAfterSeconds: nil, entropy: &entropy)
            #expect(delay >= .milliseconds(most * 500) && delay <= .seconds(most))
        }
    }
}
