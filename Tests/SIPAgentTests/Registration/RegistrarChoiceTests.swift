import Testing
import TrunkEvents

@testable import SIPAgent

struct RegistrarChoiceTests {
    private let one = Endpoint(address: IPAddress(v4: 1), port: 5060)
    private let two = Endpoint(address: IPAddress(v4: 2), port: 5060)
    private let three = Endpoint(address: IPAddress(v4: 3), port: 5060)

    private func second(_ count: Int64) -> MonotonicInstant {
        instant(0).advanced(by: .seconds(count))
    }

    @Test func eachFailureMovesOnUntilAllHaveFailed() {
        var choice = RegistrarChoice([one, two])
        #expect(choice.next == one && choice.moveOn(at: second(0)))
        #expect(choice.next == two && !choice.moveOn(at: second(1)))
        #expect(choice.next == one && choice.moveOn(at: second(2)))
    }

    @Test func aSuccessBeginsTheCountAnew() {
        var choice = RegistrarChoice([one, two])
        _ = choice.moveOn(at: second(0))
        choice.succeeded(at: second(1))
        #expect(choice.bound == two && choice.next == two)
        #expect(choice.moveOn(at: second(2)) && choice.bound == two)
    }

    @Test func aSingleRegistrarHasNoOther() {
        var choice = RegistrarChoice([one])
        #expect(!choice.moveOn(at: second(0)) && choice.next == one)
        choice.succeeded(at: second(1))
        #expect(choice.returnAt == nil)
    }

    @Test func theFirstIsAskedAgainAfterAPauseAndTakesTheBindingBack() {
        var choice = RegistrarChoice([one, two])
        _ = choice.moveOn(at: second(0))
        choice.succeeded(at: second(1))
        #expect(choice.returnAt == second(301))
        choice.refresh(at: second(300))
        #expect(choice.next == two && !choice.isReturning)
        choice.succeeded(at: second(300))
        choice.refresh(at: second(301))
        #expect(choice.next == one && choice.isReturning && choice.bound == two)
        choice.succeeded(at: second(302))
        #expect(choice.bound == one && choice.returnAt == nil)
    }

    @Test func whileItStaysAwayItIsAskedEverMoreRarely() throws {
        var choice = RegistrarChoice([one, two, three])
        _ = choice.moveOn(at: second(0))
        _ = choice.moveOn(at: second(0))
        choice.succeeded(at: second(0))
        var pauses: [Double] = []
        for _ in 0..<6 {
            let due = try #require(choice.returnAt)
            choice.refresh(at: due)
            #expect(choice.next == one)
            #expect(choice.moveOn(at: due) && choice.next == three, "not the second one")
            pauses.append(try #require(seconds(from: due, to: choice.returnAt)))
        }
        #expect(pauses == [600, 1_200, 2_400, 3_600, 3_600, 3_600])
    }

    /// It came back and failed again: the next return waits longer, unless it held for a refresh.
    @Test(arguments: [(false, 600), (true, 300)] as [(Bool, Double)])
    func whoComesAndGoesIsTrustedLess(held: Bool, pause: Double) throws {
        var choice = RegistrarChoice([one, two])
        _ = choice.moveOn(at: second(0))
        choice.succeeded(at: second(0))
        choice.refresh(at: second(300))
        choice.succeeded(at: second(300))
        if held { choice.succeeded(at: second(400)) }
        _ = choice.moveOn(at: second(500))
        choice.succeeded(at: second(500))
        #expect(seconds(from: second(500), to: choice.returnAt) == pause)
    }

    @Test func whoeverDNSNamesFirstIsReturnedTo() {
        var choice = RegistrarChoice([one, two])
        _ = choice.moveOn(at: second(0))
        choice.succeeded(at: second(0))
        choice.move(to: [three, two])
        #expect(choice.next == two && choice.returnAt == second(300))
        choice.refresh(at: second(300))
        #expect(choice.next == three)
        choice.move(to: [two, three])
        #expect(choice.next == two && choice.returnAt == nil && !choice.isReturning)
    }
}
