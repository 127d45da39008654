import Testing

@testable import Ledger

@Suite struct SealingPolicyTests {
    private let policy = SealingPolicy(keptEvents: 100, segmentEvents: 50, ageNanoseconds: 1_000)

    /// With the first frame's event at `first` and `wallTime`, and the head at `head`.
    private func limit(
        first: UInt64 = 1, _ head: UInt64, wallTime: Int64 = 0, now: Int64 = 0
    ) -> UInt64? {
        let tail = SealingPolicy.Tail(first: Position(rawValue: first), wallTime: wallTime)
        return policy.limit(tail: tail, head: Position(rawValue: head), now: now)?.rawValue
    }

    @Test func theNewestEventsStayFrames() {
        #expect(limit(1) == nil)
        #expect(limit(149) == nil)
        #expect(limit(150) == 50)
        #expect(limit(first: 51, 199) == nil)
        #expect(limit(first: 51, 200) == 100)
        #expect(limit(1_000) == 900)
    }

    @Test func anOldFrameTakesTheOthersAlong() {
        #expect(limit(3, wallTime: 5_000, now: 5_999) == nil)
        #expect(limit(3, wallTime: 5_000, now: 6_000) == 3)
        #expect(limit(1_000, wallTime: 5_000, now: 6_000) == 900)
    }

    /// Wall clocks are anybody's: no difference is too large.
    @Test func timesAtTheirEndsAreNoAge() {
        #expect(limit(3, wallTime: .max, now: 0) == nil)
        #expect(limit(3, wallTime: .min, now: .max) == nil)
        #expect(limit(3, wallTime: .max, now: .min) == nil)
    }
}
