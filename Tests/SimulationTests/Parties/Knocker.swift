import TestSupport
import TrunkEvents

@testable import SIPAgent

/// A client that has to show a password before it may call, and whose calls lead nowhere. It is
/// there for what it may and may not do at the door.
final class Knocker {
    enum Intent: Sendable {
        /// Knows the password.
        case honest
        /// Tries one password after another.
        case guessing
        /// Asks more often than it may.
        case flooding
    }

    private struct Knock: Sendable {}

    private struct Exchange {
        let callID: [UInt8]
        var sequence: UInt32
    }

    static let credentials = Credentials(user: "remote", password: "right")
    /// No route leads there.
    private static let number = "011441234567"
    private static let answersMax: UInt32 = 4

    let endpoint: Endpoint
    let intent: Intent
    private let agent: Endpoint
    private var station: SimulatedStation<Knock>
    private var random: SeededGenerator
    private var exchanges: [ClientTransactionID: Exchange] = [:]
    private var count = 0
    private var isStopped = false

    init(_ endpoint: Endpoint, _ intent: Intent, agent: Endpoint, seed: UInt64) {
        self.endpoint = endpoint
        self.intent = intent
        self.agent = agent
        station = SimulatedStation(local: endpoint, entropy: .seeded(seed))
        random = SeededGenerator(seed: seed &+ 1)
        _ = station.wake(Knock(), after: .milliseconds(100))
    }

    var nextDeadline: MonotonicInstant? { station.nextDeadline }

    func takeMessages() -> [OutgoingMessage] { station.takeMessages() }

    func advance(to now: MonotonicInstant) {
        for case .clientTimedOut(let client) in station.advance(to: now) {
            exchanges[client] = nil
        }
        while station.nextWakeup() != nil { knock() }
    }

    func stop() { isStopped = true }

    private func knock() {
        guard !isStopped else { return }
        switch intent {
        case .honest:
            invite()
            wake(1_000...8_000)
        case .guessing:
            invite()
            wake(200...3_000)
        case .flooding:
            for _ in 0..<60 { _ = send(.options, nextExchange()) }
            wake(5_000...20_000)
        }
    }

    private func wake(_ pause: ClosedRange<Int64>) {
        _ = station.wake(Knock(), after: random.milliseconds(pause))
    }

    private func nextExchange() -> Exchange {
        count += 1
        return Exchange(callID: Array("knock-\(endpoint.address)-\(count)".utf8), sequence: 1)
    }

    private func invite() {
        let exchange = nextExchange()
        exchanges[send(.invite, exchange)] = exchange
    }

    private var uri: [UInt8] {
        Array("sip:\(Self.number)@".utf8) + SimulatedStation<Knock>.hostPort(agent)
    }

    private func send(
        _ method: Method, _ exchange: Exchange, headers: [UInt8] = []
    ) -> ClientTransactionID {
        station.send(
            method, uri: uri, from: Array("<sip:remote@\(endpoint.address)>;tag=k".utf8),
            to: Array("<".utf8) + uri + Array(">".utf8), callID: exchange.callID,
            sequence: exchange.sequence, headers: headers,
            body: method == .invite ? station.sessionDescription : [], peer: agent)
    }

    /// What is wrong with an answer, if anything.
    func receive(_ bytes: [UInt8], at now: MonotonicInstant) -> String? {
        guard
            case .response(let client, let response) = station.receive(
                bytes, from: agent, at: now),
            let status = response.status, status >= 200,
            var exchange = exchanges.removeValue(forKey: client)
        else { return nil }
        if status == 403, intent == .honest { return "the right password was refused" }
        guard status == 401, exchange.sequence < Self.answersMax,
            let challenge = DigestChallenge.strongest(in: response).first
        else { return nil }
        exchange.sequence += 1
        exchanges[send(.invite, exchange, headers: authorization(challenge))] = exchange
        return nil
    }

    private func authorization(_ challenge: DigestChallenge) -> [UInt8] {
        let password = intent == .honest ? Self.credentials.password : Octets("guess-\(count)")
        var session = DigestSession(
            credentials: DigestCredentials(
                username: Self.credentials.user.bytes, password: password.bytes),
            answering: challenge)
        let value = session.authorization(
            method: Bytes("INVITE"), uri: uri[...], cnonce: Bytes("c"))
        return Array("Authorization: ".utf8) + (value ?? []) + [13, 10]
    }
}
