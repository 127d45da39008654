import Projections
import Testing
import TrunkEvents

@Suite struct OccupancyCurveTests {
    private let stretches = TimeStretches(from: start, to: after(10_000), count: 5)

    private func reading(
        _ trunk: TrunkName, _ milliseconds: Int64, _ inUse: UInt32
    ) -> OccupancyReading {
        OccupancyReading(
            trunk: trunk, carrier: alpha, inUse: inUse, cap: 4, peak: inUse,
            at: after(milliseconds))
    }

    @Test func eachStretchHasItsPeak() {
        let curves = OccupancyCurve.curves(
            of: [
                reading(alpha1, 0, 1), reading(beta1, 0, 0), reading(alpha1, 500, 3),
                reading(alpha1, 600, 2), reading(alpha1, 6_500, 0), reading(beta1, 9_999, 4),
            ], stretches)
        #expect(curves.map(\.trunk) == [alpha1, beta1])
        #expect(curves.map(\.peaks) == [[3, 2, 2, 2, 0], [0, 0, 0, 0, 4]])
        #expect(curves.map(\.cap) == [4, 4])
    }

    @Test func aClockThatWasSetBackMovesNothingBack() {
        let curves = OccupancyCurve.curves(
            of: [reading(alpha1, 0, 0), reading(alpha1, 8_500, 2), reading(alpha1, 1_000, 1)],
            stretches)
        #expect(curves.map(\.peaks) == [[0, 0, 0, 0, 2]])
    }

    @Test func instantsOutsideFallIntoTheNearestStretch() {
        #expect(stretches.index(of: after(-1)) == 0)
        #expect(stretches.index(of: after(10_000)) == 4)
        #expect(stretches.index(of: after(1_999)) == 0)
        #expect(stretches.index(of: after(2_000)) == 1)
        #expect(TimeStretches(from: start, to: start, count: 3).index(of: start) == 0)
        #expect(stretches.seconds == 2)
    }
}
