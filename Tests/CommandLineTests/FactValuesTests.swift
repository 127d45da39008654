import Testing
import TrunkEvents

@testable import trunkledger

@Test func factsShowTheirUnitsAndDigests() throws {
    let probe = TrunkReachable(
        trunk: try #require(TrunkName("alpha-1")), code: .code(200),
        roundTrip: .milliseconds(12))
    #expect(
        OutputValue.record(FactValues(.trunkReachable(probe)).members).jsonText
            == #"{"trunk":"alpha-1","code":200,"round_trip_ns":12000000}"#)
    let configured = TrunkConfigured(
        trunk: probe.trunk, carrier: CarrierName(probe.trunk.name), channels: 2, channelsOut: 1,
        authentication: .address, isProbed: true)
    let absent = OutputValue.record(FactValues(.trunkConfigured(configured)).members).jsonText
    #expect(absent.contains(#""channels_in":null,"channels_out":1"#))
    let export = ExportClosed(
        sequence: 1, firstPosition: 1, lastPosition: 9, rowCount: 2, talkMilliseconds: 3,
        completeUntil: WallInstant(nanoseconds: 0), fileName: "a.csv", sha256: Octets([0, 0xAB]),
        previousSHA256: .empty)
    let text = OutputValue.record(FactValues(.exportClosed(export)).members).jsonText
    #expect(text.contains(#""sha256":"00ab""#))
    #expect(text.contains(#""complete_until":"1970-01-01T00:00:00.000000000Z""#))
}
