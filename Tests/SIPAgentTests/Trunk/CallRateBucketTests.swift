import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

struct CallRateBucketTests {
    private func bucket(_ rate: UInt32, wait: Int64 = 0) -> CallRateBucket {
        CallRateBucket(
            limit: CallRateLimit(callsPerSecond: rate, waitLimit: .milliseconds(wait)))
    }

    @Test func aBurstUpToTheLimitGoesAtOnce() {
        var bucket = bucket(2)
        #expect(bucket.takeTurn(at: instant(0)) == .now)
        #expect(bucket.takeTurn(at: instant(1)) == .now)
        #expect(bucket.takeTurn(at: instant(2)) == .refused)
        #expect(bucket.takeTurn(at: instant(1_000)) == .now)
        #expect(bucket.takeTurn(at: instant(1_000)) == .refused)
    }

    @Test func aCallMayWaitForItsTurn() {
        var bucket = bucket(1, wait: 500)
        #expect(bucket.takeTurn(at: instant(0)) == .now)
        #expect(bucket.takeTurn(at: instant(400)) == .refused)
        #expect(bucket.takeTurn(at: instant(600)) == .wait(until: instant(1_000)))
        #expect(bucket.takeTurn(at: instant(700)) == .refused)
    }

    @Test func aGivenBackTurnIsForTheNext() {
        var bucket = bucket(1, wait: 500)
        _ = bucket.takeTurn(at: instant(0))
        _ = bucket.takeTurn(at: instant(600))
        bucket.stopWaiting()
        #expect(bucket.takeTurn(at: instant(700)) == .wait(until: instant(1_000)))
    }

    /// A second counts from the moment a call went, not from the one it was told.
    @Test func whatFollowsALateCallIsAsLate() {
        var bucket = bucket(1, wait: 5_000)
        _ = bucket.takeTurn(at: instant(0))
        #expect(bucket.takeTurn(at: instant(100)) == .wait(until: instant(1_000)))
        #expect(bucket.takeTurn(at: instant(100)) == .wait(until: instant(2_000)))
        bucket.stopWaiting()
        #expect(bucket.takeTurn(at: instant(1_008), isNext: true) == .now)
        bucket.stopWaiting()
        let second = bucket.takeTurn(at: instant(2_003), isNext: true)
        #expect(second == .wait(until: instant(2_008)))
    }

    /// Who waits keeps its place: a newcomer gets the token after those of the waiting.
    @Test func aNewcomerStandsBehindThoseWhoWait() {
        var bucket = bucket(2, wait: 5_000)
        _ = bucket.takeTurn(at: instant(0))
        _ = bucket.takeTurn(at: instant(300))
        #expect(bucket.takeTurn(at: instant(400)) == .wait(until: instant(1_000)))
        #expect(bucket.takeTurn(at: instant(1_100)) == .wait(until: instant(1_300)))
        bucket.stopWaiting()
        #expect(bucket.takeTurn(at: instant(1_101), isNext: true) == .now)
    }

    @Test func aNewLimitCountsWhatWasTaken() {
        var bucket = bucket(2)
        _ = bucket.takeTurn(at: instant(0))
        _ = bucket.takeTurn(at: instant(0))
        bucket.adopt(CallRateLimit(callsPerSecond: 3))
        #expect(bucket.takeTurn(at: instant(10)) == .now)
        #expect(bucket.takeTurn(at: instant(10)) == .refused)
        bucket.adopt(CallRateLimit(callsPerSecond: 0))
        #expect(bucket.takeTurn(at: instant(9_000)) == .refused)
    }

    /// Whoever asks, waits, gives up or comes late: no second sees more calls than the limit, and
    /// nobody waits for ever.
    @Test func noSecondSeesMoreThanTheLimit() {
        let seed = Seed(for: "CallRateBucket")
        var random = seed.generator()
        for rate in 1...5 {
            var bucket = bucket(UInt32(rate), wait: 700)
            var gone: [MonotonicInstant] = []
            var line: [MonotonicInstant] = []
            var now: Int64 = 0
            func ask(asNext isNext: Bool) {
                switch bucket.takeTurn(at: instant(now), isNext: isNext) {
                case .now: gone.append(instant(now))
                case .wait(let until): line.append(until)
                case .refused: #expect(!isNext, "\(seed)")
                }
            }
            for _ in 0..<2_000 {
                now += Int64.random(in: 0..<400, using: &random)
                for _ in line.filter({ $0 <= instant(now) }) {
                    line.removeFirst()
                    bucket.stopWaiting()
                    ask(asNext: true)
                }
                line.sort()
                if !line.isEmpty, Int.random(in: 0..<8, using: &random) == 0 {
                    line.removeLast()
                    bucket.stopWaiting()
                }
                ask(asNext: false)
            }
            #expect(gone.count > 1_000 * rate / 5, "\(seed)")
            for (first, last) in zip(gone, gone.dropFirst(rate)) {
                #expect(first.duration(to: last) >= .seconds(1), "\(seed)")
            }
        }
    }
}
