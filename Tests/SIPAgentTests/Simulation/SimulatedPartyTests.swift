import Testing
import TrunkEvents

@testable import SIPAgent

/// A simulated dialer against a simulated carrier, in virtual time and without a network.
@Suite struct SimulatedPartyTests {
    private static let dialer = Endpoint(address: IPAddress(v4: 0x7F00_0002), port: 5_060)
    private static let carrier = Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5_070)

    private struct Outcome {
        var carrier: CarrierSummary
        var dialer: DialerSummary
        var milliseconds: UInt64
    }

    /// Runs until the dialer is done; every `lossEvery`th datagram is lost.
    private func run(
        _ behaviour: CarrierBehaviour, calls: Int, hold: Nanoseconds = .seconds(5),
        lossEvery: Int = .max
    ) -> Outcome {
        var carrier = SimulatedCarrier(
            local: Self.carrier, behaviour: behaviour, entropy: .seeded(1))
        let plan = DialerPlan(
            target: Self.carrier, calls: calls, interval: .milliseconds(100), hold: hold,
            caller: "2125550000", number: { Octets("+1212555\(1_000 + $0)") })
        var dialer = SimulatedDialer(local: Self.dialer, plan: plan, entropy: .seeded(2))
        var now = MonotonicInstant(nanoseconds: 0)
        var lastMessage = now
        var sentCount = 0
        while !dialer.isOver, now.nanoseconds < 600_000_000_000 {
            dialer.advance(to: now)
            carrier.advance(to: now)
            var isQuiet = false
            while !isQuiet {
                let messages = dialer.takeMessages() + carrier.takeMessages()
                isQuiet = messages.isEmpty
                for message in messages {
                    lastMessage = now
                    sentCount += 1
                    if sentCount % lossEvery == 0 { continue }
                    if message.remote == Self.carrier {
                        carrier.receive(message.bytes, from: Self.dialer, at: now)
                    } else {
                        dialer.receive(message.bytes, from: Self.carrier, at: now)
                    }
                }
            }
            let next = [dialer.nextDeadline, carrier.nextDeadline].compactMap { $0 }.min()
            now = max(next ?? now, now.advanced(by: .milliseconds(1)))
        }
        return Outcome(
            carrier: carrier.summary, dialer: dialer.summary,
            milliseconds: lastMessage.nanoseconds / 1_000_000)
    }

    @Test func callsAreAnsweredHeldAndEnded() {
        var behaviour = CarrierBehaviour()
        behaviour.answerDelay = .milliseconds(300)
        let outcome = run(behaviour, calls: 20)
        #expect(outcome.dialer.answered == 20)
        #expect(outcome.carrier.answered == 20)
        #expect(outcome.carrier.inUse == 0)
        #expect(outcome.dialer.inProgress == 0)
        #expect((7_200...7_400).contains(outcome.milliseconds))
    }

    @Test func everyNthIsBusyAndTheRestIsBeyondTheChannels() {
        var behaviour = CarrierBehaviour()
        behaviour.busyEvery = 3
        behaviour.channels = 4
        let outcome = run(behaviour, calls: 10)
        #expect(outcome.dialer.refused == [486: 1, 503: 5])
        #expect(outcome.dialer.answered == 4)
        #expect(outcome.carrier.peak == 4)
        #expect(outcome.carrier.full == 5)
    }

    @Test func theCarrierHangsUpAfterItsHold() {
        var behaviour = CarrierBehaviour()
        behaviour.hold = .seconds(1)
        let outcome = run(behaviour, calls: 5)
        #expect(outcome.dialer.endedByPeer == 5)
    }

    @Test func aFailingCarrierFailsEveryCall() {
        var behaviour = CarrierBehaviour()
        behaviour.failure = .code(503)
        #expect(run(behaviour, calls: 3).dialer.refused == [503: 3])
    }

    @Test func nothingIsLostOnALossyNetwork() {
        var behaviour = CarrierBehaviour()
        behaviour.answerDelay = .milliseconds(300)
        behaviour.busyEvery = 4
        let outcome = run(behaviour, calls: 100, lossEvery: 7)
        #expect(outcome.dialer.refused == [486: 25])
        #expect(outcome.dialer.answered == 75)
        #expect(outcome.carrier.inUse == 0)
    }

    @Test func registrationIsChallengedThenTaken() throws {
        var behaviour = CarrierBehaviour()
        behaviour.credentials = Credentials(user: "alice", password: "secret")
        var carrier = SimulatedCarrier(
            local: Self.carrier, behaviour: behaviour, entropy: .seeded(1))
        let now = MonotonicInstant(nanoseconds: 0)
        carrier.receive(
            Wire.request("REGISTER", branch: "z9hG4bKr1"), from: Self.dialer, at: now)
        let challenge = try SIPMessage(parsing: carrier.takeMessages()[0].bytes)
        #expect(challenge.status == 401)
        #expect(challenge.first(.wwwAuthenticate) != nil)
        #expect(carrier.summary.registrations == 0)
    }

    @Test func aCancelledCallGets487() throws {
        var behaviour = CarrierBehaviour()
        behaviour.noAnswerEvery = 1
        var carrier = SimulatedCarrier(
            local: Self.carrier, behaviour: behaviour, entropy: .seeded(1))
        let now = MonotonicInstant(nanoseconds: 0)
        carrier.receive(
            Wire.request("INVITE", branch: "z9hG4bKi1"), from: Self.dialer, at: now)
        carrier.receive(
            Wire.request("CANCEL", branch: "z9hG4bKi1"), from: Self.dialer, at: now)
        let statuses = carrier.takeMessages().compactMap {
            (try? SIPMessage(parsing: $0.bytes))?.status
        }
        #expect(statuses == [180, 200, 487])
        #expect(carrier.summary.cancelled == 1)
        #expect(carrier.summary.inUse == 0)
    }
}
