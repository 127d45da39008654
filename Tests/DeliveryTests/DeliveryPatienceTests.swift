import TestSupport
import Testing
import TrunkEvents

@testable import Delivery

@Suite struct DeliveryPatienceTests {
    private let seed = Seed(for: "DeliveryPatienceTests")
    private let down = DeliveryError.unavailable(cause: "down")

    @Test func pausesDoubleUpToTheLongest() {
        var random = seed.generator()
        let patience = DeliveryPatience(first: .seconds(1), longest: .seconds(10))
        for (failures, most) in [(1, 1), (2, 2), (3, 4), (4, 8), (5, 10), (10_000, 10)] {
            let pause = patience.pause(
                after: down, failures: failures, elapsed: .seconds(86_400), using: &random)
            let longest = Nanoseconds.seconds(Int64(most))
            let shortest = Nanoseconds(longest.count * 4 / 5)
            #expect(pause.map { shortest <= $0 && $0 <= longest } == true, "\(seed)")
        }
    }

    @Test func aServerMayAskForMoreTime() {
        var random = seed.generator()
        let patience = DeliveryPatience(first: .seconds(1), longest: .seconds(60))
        for (asked, pause) in [(30, 30), (3_600, 60), (-5, 1), (Int64.max, 60)] {
            let busy = DeliveryError.unavailable(cause: "busy", retryAfter: asked)
            let found = patience.pause(after: busy, failures: 1, elapsed: .zero, using: &random)
            #expect(found.map { $0 <= .seconds(Int64(pause)) } == true, "\(seed)")
            #expect(pause == 1 || found == .seconds(Int64(pause)), "\(seed)")
        }
    }

    @Test func itGivesUpInTimeAndAtOnceWhereNothingHelps() {
        var random = seed.generator()
        let patience = DeliveryPatience(first: .seconds(1), giveUpAfter: .seconds(60))
        let late = patience.pause(
            after: down, failures: 1, elapsed: .seconds(60), using: &random)
        #expect(late == nil)
        let refused = patience.pause(
            after: .refused(cause: "no"), failures: 1, elapsed: .zero, using: &random)
        #expect(refused == nil)
    }
}
