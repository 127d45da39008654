import Testing
import TrunkEvents

@testable import SIPAgent

/// A registration and the carrier it talks to, by hand.
struct RegistrarPeer {
    var machine: Registration
    var now = instant(0)
    /// The latest REGISTER.
    private(set) var request: RegisterRequest?
    private var entropy: Entropy

    init(
        seed: UInt64 = 1, credentials: Octets = "secret", backups: [Endpoint] = [],
        contacts: [Octets] = [], listeners: [Endpoint] = [ownListener]
    ) throws {
        entropy = .seeded(seed)
        let own = OwnListeners(listeners)
        var trunk = registeringTrunk(password: credentials)
        trunk.registration?.backups = backups.map { .endpoint($0) }
        trunk.registration?.contacts = contacts
        let primary = try #require(trunk.server.endpoint)
        let settings = RegistrationSettings(trunk, from: own, registrars: [primary] + backups)
        machine = Registration(
            try #require(settings), startAt: instant(0), entropy: &entropy)
    }

    /// Lets the time of the machine's deadline come.
    mutating func run() -> [Event] {
        now = machine.deadline ?? now
        return note(machine.advance(to: now, entropy: &entropy))
    }

    mutating func pass(_ span: Nanoseconds) -> [Event] {
        now = now.advanced(by: span)
        return note(machine.advance(to: now, entropy: &entropy))
    }

    mutating func reply(_ response: SIPMessage, to cseq: UInt32? = nil) -> [Event] {
        note(
            machine.receive(
                response, to: cseq ?? request?.cseq ?? 0, at: now, entropy: &entropy))
    }

    mutating func fail(_ cause: RegistrationFailure) -> [Event] {
        note(
            machine.noAnswer(
                to: request?.cseq ?? 0, cause: cause, at: now, entropy: &entropy))
    }

    mutating func unregister() -> [Event] {
        note(machine.unregister(at: now, entropy: &entropy))
    }

    /// How long until the machine wants to act, in seconds.
    var wait: Double? { seconds(from: now, to: machine.deadline) }

    private mutating func note(_ actions: [RegistrationAction]) -> [Event] {
        var events: [Event] = []
        for action in actions {
            switch action {
            case .record(let event): events.append(event)
            case .send(let register): request = register
            }
        }
        return events
    }
}
