import Testing

@testable import Projections

@Suite struct ErlangBTests {
    /// Values of published Erlang-B tables.
    @Test(arguments: [
        (40.0, UInt32(50), 0.0187), (45.0, 50, 0.0541), (50.0, 50, 0.1048), (37.90, 50, 0.01),
        (20.34, 30, 0.01), (84.06, 100, 0.01), (1.0, 1, 0.5), (0.0, 3, 0.0), (3.0, 0, 1.0),
    ])
    func blocking(offered: Double, channels: UInt32, expected: Double) {
        #expect(
            abs(ErlangB.blocking(offered: offered, channels: channels) - expected) < 0.000_06)
    }
}
