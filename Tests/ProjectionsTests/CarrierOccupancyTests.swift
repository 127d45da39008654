import Ledger
import Testing
import TrunkEvents

@testable import Projections

@Suite struct CarrierOccupancyTests {
    private func reading(
        _ trunk: TrunkName, of carrier: CarrierName, _ inUse: UInt32, in inbound: UInt32 = 0,
        cap: UInt32, at milliseconds: Int64
    ) -> OccupancyReading {
        OccupancyReading(
            trunk: trunk, carrier: carrier, inUse: inUse, inbound: inbound, cap: cap, peak: inUse,
            at: after(milliseconds))
    }

    @Test func trunksOfOneCarrierAreTakenTogether() {
        let readings = CarrierOccupancy.readings(of: [
            reading(alpha1, of: alpha, 3, in: 1, cap: 50, at: 0),
            reading(alpha2, of: alpha, 4, cap: 30, at: 0),
            reading(beta1, of: beta, 1, cap: 10, at: 0),
            reading(alpha2, of: alpha, 5, in: 1, cap: 30, at: 200),
            reading(alpha1, of: alpha, 2, in: 1, cap: 50, at: 300),
        ])
        #expect(readings.map(\.carrier) == [alpha, beta, alpha, alpha])
        #expect(readings.map(\.inUse) == [7, 1, 8, 7])
        #expect(readings.map(\.inbound) == [1, 0, 2, 2])
        #expect(readings.map(\.outbound) == [6, 1, 6, 5])
        #expect(readings.map(\.cap) == [80, 10, 80, 80])
        #expect(readings.map(\.peak) == [7, 1, 8, 8])
        #expect(readings.map(\.at) == [0, 0, 200, 300].map(after))
    }
}
