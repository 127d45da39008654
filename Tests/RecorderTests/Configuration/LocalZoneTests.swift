import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

/// The machine's zone is whatever it is: the table must agree with what the system says of it.
@Test func theTableAgreesWithTheSystem() {
    let zone = LocalZone.read()
    let now = SystemClock.now().wall
    for days in stride(from: Int64(0), to: 3_000, by: 7) {
        let instant = now.advanced(by: .seconds(days * 86_400))
        #expect(zone.minuteOfWeek(at: instant) == LocalZone.minuteOfWeek(at: instant))
    }
}
