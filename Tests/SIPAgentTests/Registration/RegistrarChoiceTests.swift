import Testing
import TrunkEvents

@testable import SIPAgent

struct RegistrarChoiceTests {
    private let one = Endpoint(address: IPAddress(v4: 1), port: 5060)
    private let two = Endpoint(address: IPAddress(v4: 2), port: 5060)

    @Test func eachFailureMovesOnUntilAllHaveFailed() {
        var choice = RegistrarChoice([one, two])
        #expect(choice.next == one && choice.moveOn())
        #expect(choice.next == two && !choice.moveOn())
        #expect(choice.next == one && choice.moveOn())
    }

    @Test func aSuccessBeginsTheCountAnew() {
        var choice = RegistrarChoice([one, two])
        _ = choice.moveOn()
        choice.succeeded()
        #expect(choice.bound == two && choice.next == two)
        #expect(choice.moveOn() && choice.bound == two)
    }

    @Test func aSingleRegistrarHasNoOther() {
        var choice = RegistrarChoice([one])
        #expect(!choice.moveOn() && choice.next == one)
    }
}
