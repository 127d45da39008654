import Testing
import TrunkEvents

@testable import SIPAgent

/// The agent between a dialer and two carriers, in virtual time. Messages wait in mailboxes until a
/// test takes them; every output is held against the promises.
final class AgentBed {
    static let agentAddress = endpoint("127.0.0.1", 5062)
    static let dialer = endpoint("127.0.0.2", 5060)
    static let alpha = endpoint("127.0.0.3", 5070)
    static let beta = endpoint("127.0.0.4", 5080)
    static let stranger = endpoint("192.0.2.66", 5060)
    static let sdp = Octets("v=0\r\no=- 1 1 IN IP4 127.0.0.2\r\ns=-\r\nt=0 0\r\n")

    var agent: AgentCore
    var now = Moment(
        wall: WallInstant(nanoseconds: 1_700_000_000_000_000_000),
        monotonic: MonotonicInstant(nanoseconds: 5_000_000_000))
    private(set) var facts: [RecordedEvent] = []
    private(set) var sent: [OutgoingMessage] = []
    /// INVITEs that the agent wants back. All have left, unless a test says otherwise.
    private(set) var withdrawals: [Withdrawal] = []
    private var mail: [Endpoint: [SIPMessage]] = [:]
    private var held: Set<String> = []
    private let seed: UInt64

    init(_ configuration: AgentConfiguration = AgentBed.configuration(), seed: UInt64 = 1) {
        self.seed = seed
        agent = AgentCore(configuration: configuration, entropy: .seeded(seed))
        start(RecoveredState())
    }

    /// The same log, another process: facts stay, mailboxes and the agent are new.
    func crash(
        _ configuration: AgentConfiguration = AgentBed.configuration(), downtime: Nanoseconds,
        losing lost: Int = 0
    ) {
        facts.removeLast(lost)
        var recovered = RecoveredState()
        for fact in facts { recovered.apply(fact.event, at: fact.moment) }
        mail = [:]
        // The monotonic clock of another boot.
        now = Moment(
            wall: now.wall.advanced(by: downtime),
            monotonic: MonotonicInstant(nanoseconds: 1_000_000_000))
        agent = AgentCore(
            configuration: configuration, entropy: .seeded(seed &+ UInt64(facts.count)))
        start(recovered)
    }

    private func start(_ recovered: RecoveredState) {
        var output = AgentOutput()
        agent.start(recovering: recovered, at: now, into: &output)
        keep(output)
    }

    /// Lets time pass, running what falls due.
    func run(for span: Nanoseconds) {
        let end = now.monotonic.advanced(by: span)
        while let deadline = agent.nextDeadline, deadline <= end {
            move(to: max(deadline, now.monotonic))
            var output = AgentOutput()
            agent.advance(to: now, into: &output)
            keep(output)
        }
        move(to: end)
    }

    private func move(to instant: MonotonicInstant) {
        now = Moment(
            wall: now.wall.advanced(by: now.monotonic.duration(to: instant)), monotonic: instant)
    }

    func receive(
        _ bytes: [UInt8], from source: Endpoint, on listener: Endpoint = AgentBed.agentAddress
    ) {
        var output = AgentOutput()
        agent.receive(bytes, from: source, on: listener, at: now, into: &output)
        keep(output)
    }

    /// No connection took the last message to a peer.
    func refuseConnection(_ peer: Endpoint) {
        guard let message = sent.last(where: { $0.remote == peer }) else { return }
        perform { agent, now, output in agent.undelivered(message, at: now, into: &output) }
    }

    func perform(_ step: (inout AgentCore, Moment, inout AgentOutput) -> Void) {
        var output = AgentOutput()
        step(&agent, now, &output)
        keep(output)
    }

    /// The next message for a peer.
    func take(_ peer: Endpoint) -> SIPMessage? {
        guard let box = mail[peer], let first = box.first else { return nil }
        mail[peer] = Array(box.dropFirst())
        return first
    }

    /// The next message for a peer that is not a copy of what it got before and not a 100.
    func expect(
        _ peer: Endpoint, _ what: String, _ location: SourceLocation = #_sourceLocation
    ) throws -> SIPMessage {
        while let message = take(peer) {
            if message.status == 100 { continue }
            #expect(message.title == what, sourceLocation: location)
            return message
        }
        Issue.record("no \(what) came", sourceLocation: location)
        throw NothingCame()
    }

    struct NothingCame: Error {}

    /// Not longer, so that nothing is sent again; a second at most.
    func runUntilMail(_ peer: Endpoint) {
        for _ in 0..<100 where !hasMail(peer) { run(for: .milliseconds(10)) }
    }

    func hasMail(_ peer: Endpoint) -> Bool { mail[peer]?.isEmpty == false }

    func discardMail() { mail = [:] }

    private func keep(_ output: AgentOutput) {
        var recorded: [Event] = []
        for step in output.steps {
            switch step {
            case .record(let fact):
                facts.append(fact)
                recorded.append(fact.event)
                checkChannels(fact.event)
            case .send(let message):
                sent.append(message)
                checkOrder(message, after: recorded)
                if let parsed = try? SIPMessage(parsing: message.bytes) {
                    mail[message.remote, default: []].append(parsed)
                } else if !Self.isRefusal(message.bytes) {
                    Issue.record("an unreadable message was sent: \(Octets(message.bytes))")
                }
            case .withdraw(let withdrawal):
                withdrawals.append(withdrawal)
            }
        }
    }

    /// A malformed request's answer lacks what the request lacked.
    private static func isRefusal(_ bytes: [UInt8]) -> Bool {
        ["SIP/2.0 400", "SIP/2.0 505"].contains { bytes.starts(with: Array($0.utf8)) }
    }

    /// Promise 2: a channel is seized once and released once.
    private func checkChannels(_ event: Event) {
        switch event {
        case .channelSeized(let fact):
            #expect(held.insert("\(fact.trunk) \(fact.call) \(fact.attempt.rawValue)").inserted)
        case .channelReleased(let fact):
            let holder = "\(fact.trunk) \(fact.call) \(fact.attempt.rawValue)"
            #expect(held.remove(holder) != nil, "a channel was released that nobody held")
        default: break
        }
    }

    /// Promise 1: the first copy of an INVITE and of a 2xx stands behind its fact and waits for it.
    private func checkOrder(_ message: OutgoingMessage, after recorded: [Event]) {
        guard message.gate == .durable else { return }
        let text = Octets(message.bytes).description
        let isCovered = recorded.contains { event in
            switch event {
            case .attemptSent: text.hasPrefix("INVITE")
            case .callAnswered: text.hasPrefix("SIP/2.0 2") || text.hasPrefix("ACK")
            case .attemptAnswered: text.hasPrefix("ACK")
            default: false
            }
        }
        #expect(isCovered || text.hasPrefix("ACK"), "no fact stands before \(text.prefix(40))")
    }

    var inUse: Int { held.count }

    var isQuiet: Bool { agent.isQuiet }

    func events(_ kind: FactKind) -> [Event] { facts.map(\.event).filter { $0.kind == kind } }

    var kinds: [FactKind] { facts.map(\.event.kind).filter { !Self.isBackground($0) } }

    private static func isBackground(_ kind: FactKind) -> Bool {
        switch kind {
        case .heartbeat, .trunkConfigured, .trunkNearCap, .trunkBelowCap: true
        default: false
        }
    }

    /// Long after the last message nothing may be left.
    func expectQuiet(_ location: SourceLocation = #_sourceLocation) {
        run(for: .seconds(200))
        let status = agent.status
        #expect(status.openCalls == 0, sourceLocation: location)
        #expect(inUse == 0, sourceLocation: location)
        #expect(status.transactions == 0, sourceLocation: location)
        let leftovers = [
            agent.board.owners.count, agent.board.dialogs.count, agent.board.callers.count,
        ]
        #expect(leftovers == [0, 0, 0], sourceLocation: location)
        let starts = events(.callStarted).count
        #expect(events(.callEnded).count == starts, sourceLocation: location)
        for trunk in status.trunks { #expect(trunk.inUse == 0, sourceLocation: location) }
    }
}

extension AgentBed {
    static func endpoint(_ address: String, _ port: UInt16) -> Endpoint {
        guard let address = IPAddress(address) else { preconditionFailure("an address") }
        return Endpoint(address: address, port: port)
    }

    static func name(_ text: String) -> ShortName {
        guard let name = ShortName(text) else { preconditionFailure("a name") }
        return name
    }

    static let alphaName = TrunkName(name("alpha-1"))
    static let betaName = TrunkName(name("beta-1"))

    static func trunk(
        _ name: TrunkName, _ remote: Endpoint, channels: ChannelLimits = .init(total: 2),
        registration: RegistrationConfiguration? = nil, rate: CallRateLimit? = nil
    ) -> TrunkConfiguration {
        TrunkConfiguration(
            name: name, carrier: CarrierName(Self.name("carrier")), server: .endpoint(remote),
            domain: Octets(remote.address.description), registration: registration,
            sources: [AddressRange(base: remote.address)], channels: channels,
            callsPerSecond: rate, probeInterval: nil)
    }

    static func configuration(
        trunks: [TrunkConfiguration] = [trunk(alphaName, alpha), trunk(betaName, beta)],
        dialer change: (inout DialerConfiguration) -> Void = { _ in }
    ) -> AgentConfiguration {
        var dialerConfiguration = DialerConfiguration(
            name: name("vicidial"), sources: [AddressRange(base: dialer.address)],
            contact: dialer, reference: .fromDisplay)
        change(&dialerConfiguration)
        return AgentConfiguration(
            node: name("pbx1"), listeners: [agentAddress], dialers: [dialerConfiguration],
            trunks: trunks,
            routes: [RouteConfiguration(prefix: "+1", trunks: trunks.map(\.name))],
            inboundNumbers: [
                InboundNumberConfiguration(number: "+12125550100", dialer: name("vicidial"))
            ],
            numbering: NumberingPlan(country: "1", internationalPrefixes: ["011"]))
    }
}
