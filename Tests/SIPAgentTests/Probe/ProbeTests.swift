import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

/// A probe and the carrier it asks, by hand.
private struct ProbePeer {
    var machine: Probe
    var now = instant(0)
    var request: OptionsRequest?
    private var entropy = Entropy.seeded(1)

    init(interval: Nanoseconds = .seconds(60), limits: HealthLimits = .init()) throws {
        let own = OwnAddress(listener: ownListener, advertisedHost: nil)
        var trunk = addressTrunk(probeInterval: interval)
        trunk.healthLimits = limits
        let settings = ProbeSettings(trunk, from: own)
        machine = Probe(try #require(settings), startAt: now, entropy: &entropy)
    }

    mutating func run() -> [Event] {
        now = machine.deadline
        return note(machine.advance(to: now, entropy: &entropy))
    }

    /// Asks, then answers 5 ms later.
    mutating func ask(_ status: UInt16) -> [Event] {
        _ = run()
        now = now.advanced(by: .milliseconds(5))
        return note(
            machine.receive(
                .code(status), to: request?.cseq ?? 0, at: now, entropy: &entropy))
    }

    /// Asks and hears nothing.
    mutating func askInVain() -> [Event] { run() + run() }

    mutating func late(_ status: UInt16, to cseq: UInt32) -> [Event] {
        note(machine.receive(.code(status), to: cseq, at: now, entropy: &entropy))
    }

    mutating func fail(_ cause: ProbeFailure) -> [Event] {
        _ = run()
        return note(
            machine.noAnswer(
                to: request?.cseq ?? 0, cause: cause, at: now, entropy: &entropy))
    }

    var wait: Double? { seconds(from: now, to: machine.deadline) }

    private mutating func note(_ actions: [ProbeAction]) -> [Event] {
        var events: [Event] = []
        for action in actions {
            switch action {
            case .record(let event): events.append(event)
            case .send(let options): request = options
            }
        }
        return events
    }
}

private func reachable(_ code: UInt16) -> [Event] {
    [
        .trunkReachable(
            TrunkReachable(trunk: beta, code: .code(code), roundTrip: .milliseconds(5)))
    ]
}

private func unreachable(_ cause: ProbeFailure, _ code: UInt16? = nil) -> [Event] {
    [
        .trunkUnreachable(
            TrunkUnreachable(trunk: beta, cause: cause, code: code.map(StatusCode.code)))
    ]
}

struct ProbeTests {
    @Test(arguments: [200, 401, 403, 404, 405, 420, 481, 501, 513, 603] as [UInt16])
    func anAnswerIsALife(_ status: UInt16) throws {
        var peer = try ProbePeer()
        #expect(peer.machine.reachability == .unknown)
        #expect(peer.ask(status) == reachable(status))
        #expect(peer.machine.reachability == .reachable)
        #expect((54...66).contains(try #require(peer.wait)))
    }

    @Test(arguments: [408, 500, 502, 503, 504] as [UInt16])
    func threeRefusalsAreADeath(_ status: UInt16) throws {
        var peer = try ProbePeer()
        #expect(peer.ask(status).isEmpty && peer.ask(status).isEmpty)
        #expect(peer.machine.reachability == .unknown)
        #expect(peer.ask(status) == unreachable(.refused, status))
        #expect(peer.machine.reachability == .unreachable)
    }

    @Test func silenceIsFoundOutInSixteenSeconds() throws {
        var peer = try ProbePeer()
        _ = peer.ask(200)
        _ = peer.run()
        let missed = peer.now
        #expect(peer.run().isEmpty && peer.askInVain().isEmpty)
        #expect(peer.askInVain() == unreachable(.timeout))
        #expect((15.6...16.4).contains(try #require(seconds(from: missed, to: peer.now))))
    }

    @Test func oneGoodAnswerBringsATrunkBack() throws {
        var peer = try ProbePeer()
        for _ in 0..<3 { _ = peer.askInVain() }
        #expect((27...33).contains(try #require(peer.wait)))
        #expect(peer.ask(200) == reachable(200))
    }

    @Test func whereMoreIsAskedOneGoodAnswerIsNotEnough() throws {
        var peer = try ProbePeer(limits: HealthLimits(probesDown: 1, probesUp: 3))
        #expect(peer.ask(503) == unreachable(.refused, 503))
        #expect(peer.ask(200).isEmpty && peer.ask(200).isEmpty)
        #expect((1.8...2.2).contains(try #require(peer.wait)))
        #expect(peer.machine.reachability == .unreachable)
        #expect(peer.ask(503).isEmpty)
        #expect(peer.ask(200).isEmpty && peer.ask(200).isEmpty)
        #expect(peer.ask(200) == reachable(200))
    }

    @Test func aSingleLossChangesNothing() throws {
        var peer = try ProbePeer()
        _ = peer.ask(200)
        #expect(peer.askInVain().isEmpty && peer.ask(200).isEmpty)
        #expect(peer.askInVain().isEmpty && peer.askInVain().isEmpty)
        #expect(peer.machine.reachability == .reachable)
    }

    @Test func whatCannotBeSentIsATransportFailure() throws {
        var peer = try ProbePeer()
        for _ in 0..<2 { #expect(peer.fail(.transport).isEmpty) }
        #expect(peer.fail(.transport) == unreachable(.transport))
    }

    @Test func answersThatComeTooLateOrProvisionallyAreNone() throws {
        var peer = try ProbePeer()
        _ = peer.run()
        #expect(peer.late(100, to: 1).isEmpty)
        _ = peer.run()
        #expect(peer.late(200, to: 1).isEmpty)
        #expect(peer.machine.reachability == .unknown)
    }

    @Test(arguments: [true, false])
    func anUnchangedResultIsRepeatedEveryTenMinutes(_ isUp: Bool) throws {
        var peer = try ProbePeer()
        var recorded: [MonotonicInstant] = []
        while peer.now < instant(3_600_000) {
            let events = isUp ? peer.ask(200) : peer.askInVain()
            if !events.isEmpty { recorded.append(peer.now) }
        }
        #expect(recorded.count >= 5)
        for (one, next) in zip(recorded, recorded.dropFirst()) {
            #expect((600...670).contains(try #require(seconds(from: one, to: next))))
        }
    }
}
