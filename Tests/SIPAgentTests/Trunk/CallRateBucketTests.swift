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
        bucket.giveBack(instant(1_000))
        #expect(bucket.takeTurn(at: instant(700)) == .wait(until: instant(1_000)))
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

    /// Whatever is asked and given back: no second sees more calls than the limit.
    @Test func noSecondSeesMoreThanTheLimit() {
        var random = Seed(for: "CallRateBucket").generator()
        for rate in 1...5 {
            var bucket = bucket(UInt32(rate), wait: 700)
            var turns: [MonotonicInstant] = []
            var now: Int64 = 0
            for _ in 0..<2_000 {
                now += Int64.random(in: 0..<400, using: &random)
                switch bucket.takeTurn(at: instant(now)) {
                case .now: turns.append(instant(now))
                case .wait(let until) where Bool.random(using: &random): turns.append(until)
                case .wait(let until): bucket.giveBack(until)
                case .refused: continue
                }
            }
            for (first, last) in zip(turns, turns.dropFirst(rate)) {
                #expect(first.duration(to: last) >= .seconds(1))
            }
        }
    }
}
