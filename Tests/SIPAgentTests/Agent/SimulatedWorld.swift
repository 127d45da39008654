import TestSupport
import Testing
import TrunkEvents

@testable import SIPAgent

/// The agent, its disk, a network that loses, doubles and reorders, a dialer and two carriers.
final class SimulatedWorld {
    struct Weather {
        var lossPercent = 5
        var duplicatePercent = 3
        var delayMilliseconds: ClosedRange<Int64> = 0...40
        var commitMilliseconds: ClosedRange<Int64> = 0...15
        /// Of each step of the agent, in ten thousand.
        var crashChance = 0
    }

    private enum Delivery {
        case datagram([UInt8], from: Endpoint, to: Endpoint)
        /// The commit of one output: its facts are on disk, its messages may leave.
        case commit(Int)
    }

    private struct Commit {
        var facts: [RecordedEvent]
        var messages: [OutgoingMessage]
        var at: MonotonicInstant
    }

    private let weather: Weather
    private var random: SeededGenerator
    private let configuration: SIPAgent.AgentConfiguration
    private var agent: AgentCore
    private var generation: UInt64 = 0
    private let seed: UInt64
    let peers: [Endpoint: SimulatedPeer]
    private var now = Moment(
        wall: WallInstant(nanoseconds: 1_700_000_000_000_000_000),
        monotonic: MonotonicInstant(nanoseconds: 1_000_000_000))
    private var queue: [(at: MonotonicInstant, order: UInt64, what: Delivery)] = []
    private var order: UInt64 = 0
    private var commits: [Int: Commit] = [:]
    private var commitCount = 0
    private var downUntil: MonotonicInstant?
    private(set) var log: [RecordedEvent] = []
    /// Channels held in the log, by the trunk leg's Call-ID once it is known.
    private(set) var held: Set<Slot> = []
    private var legs: [String: Slot] = [:]
    private var inbound: [CallID: String] = [:]
    private(set) var crashes = 0
    private(set) var faults: [String] = []

    struct Slot: Hashable {
        var call: CallID
        var attempt: AttemptNumber
    }

    init(seed: UInt64, weather: Weather, configuration: SIPAgent.AgentConfiguration) {
        self.seed = seed
        self.weather = weather
        self.configuration = configuration
        random = SeededGenerator(seed: seed)
        agent = AgentCore(configuration: configuration, entropy: .seeded(seed))
        let endpoints = [AgentBed.dialer, AgentBed.alpha, AgentBed.beta]
        peers = Dictionary(
            uniqueKeysWithValues: endpoints.enumerated().map { index, endpoint in
                (
                    endpoint,
                    SimulatedPeer(
                        endpoint, agent: AgentBed.agentAddress, seed: seed &+ UInt64(index) &* 97)
                )
            })
        runAgent { agent, now, output in
            agent.start(recovering: RecoveredState(), at: now, into: &output)
        }
    }

    // MARK: Time

    func place(_ callID: String, from peer: Endpoint, to number: String) {
        runPeer(peer) { $0.place(callID, to: number) }
    }

    func run(for span: Nanoseconds) {
        let end = now.monotonic.advanced(by: span)
        while let next = nextInstant, next <= end {
            move(to: max(next, now.monotonic))
            if let downUntil, downUntil <= now.monotonic { restart() }
            deliverDue()
            for endpoint in peers.keys.sorted(by: { $0.port < $1.port }) {
                guard let deadline = peers[endpoint]?.nextDeadline, deadline <= now.monotonic else {
                    continue
                }
                runPeer(endpoint) { $0.advance() }
            }
            if downUntil == nil, let deadline = agent.nextDeadline, deadline <= now.monotonic {
                runAgent { agent, now, output in agent.advance(to: now, into: &output) }
            }
            checkCarriers()
        }
        move(to: end)
    }

    private var nextInstant: MonotonicInstant? {
        var all = peers.values.compactMap(\.nextDeadline) + queue.prefix(1).map(\.at)
        if let downUntil {
            all.append(downUntil)
        } else if let deadline = agent.nextDeadline {
            all.append(deadline)
        }
        return all.min()
    }

    private func move(to instant: MonotonicInstant) {
        now = Moment(
            wall: now.wall.advanced(by: now.monotonic.duration(to: instant)), monotonic: instant)
    }

    private func deliverDue() {
        while let first = queue.first, first.at <= now.monotonic {
            queue.removeFirst()
            switch first.what {
            case .datagram(let bytes, let from, let to):
                if to == AgentBed.agentAddress {
                    guard downUntil == nil else { continue }
                    runAgent { agent, now, output in
                        agent.receive(bytes, from: from, on: to, at: now, into: &output)
                    }
                } else if peers[to] != nil {
                    runPeer(to) { $0.receive(bytes) }
                }
            case .commit(let id):
                guard let commit = commits.removeValue(forKey: id) else { continue }
                for fact in commit.facts { append(fact) }
                for message in commit.messages { transmit(message) }
            }
        }
    }

    // MARK: The agent, its disk and its end

    private func runAgent(_ body: (inout AgentCore, Moment, inout AgentOutput) -> Void) {
        var output = AgentOutput()
        body(&agent, now, &output)
        keep(output)
        if Int.random(in: 0..<10_000, using: &random) < weather.crashChance { crash() }
    }

    private func keep(_ output: AgentOutput) {
        var commit = Commit(facts: [], messages: [], at: now.monotonic)
        var isAfterFact = false
        for step in output.steps {
            switch step {
            case .record(let fact):
                commit.facts.append(fact)
                isAfterFact = true
            case .send(let message):
                let isWaiting = commits.values.contains { commit in
                    commit.messages.contains {
                        $0.bytes == message.bytes && $0.remote == message.remote
                    }
                }
                if message.gate == .open {
                    if !isWaiting { transmit(message) }
                } else if isAfterFact || !commits.isEmpty {
                    commit.messages.append(message)
                } else {
                    transmit(message)
                }
            }
        }
        guard !commit.facts.isEmpty || !commit.messages.isEmpty else { return }
        commitCount += 1
        let wait = Nanoseconds.milliseconds(
            Int64.random(in: weather.commitMilliseconds, using: &random))
        // Commits land in their order.
        let latest = commits.values.map(\.at).max() ?? now.monotonic
        commit.at = max(latest, now.monotonic.advanced(by: wait))
        commits[commitCount] = commit
        enqueue(.commit(commitCount), at: commit.at)
    }

    private func crash() {
        crashes += 1
        commits = [:]
        let downtime = Nanoseconds.milliseconds(Int64.random(in: 1...5_000, using: &random))
        downUntil = now.monotonic.advanced(by: downtime)
    }

    private func restart() {
        downUntil = nil
        generation += 1
        var recovered = RecoveredState()
        for fact in log { recovered.apply(fact.event, at: fact.moment) }
        agent = AgentCore(
            configuration: configuration, entropy: .seeded(seed &+ generation &* 7_919))
        runAgent { agent, now, output in
            agent.start(recovering: recovered, at: now, into: &output)
        }
    }

    // MARK: The network

    private func runPeer(_ endpoint: Endpoint, _ body: (SimulatedPeer) -> Void) {
        guard let peer = peers[endpoint] else { return }
        for message in peer.step(now.monotonic, { body(peer) }) { transmit(message) }
    }

    private func transmit(_ message: OutgoingMessage) {
        guard Int.random(in: 0..<100, using: &random) >= weather.lossPercent else { return }
        let copies = Int.random(in: 0..<100, using: &random) < weather.duplicatePercent ? 2 : 1
        for _ in 0..<copies {
            let delay = Nanoseconds.milliseconds(
                Int64.random(in: weather.delayMilliseconds, using: &random))
            enqueue(
                .datagram(message.bytes, from: message.local, to: message.remote),
                at: now.monotonic.advanced(by: delay))
        }
    }

    private func enqueue(_ delivery: Delivery, at instant: MonotonicInstant) {
        order += 1
        var index = queue.count
        while index > 0, queue[index - 1].at > instant { index -= 1 }
        queue.insert((instant, order, delivery), at: index)
    }

    // MARK: The promises

    private func append(_ fact: RecordedEvent) {
        log.append(fact)
        switch fact.event {
        case .callStarted(let started) where started.direction == .inbound:
            inbound[started.call] = started.sipCallID.description
        case .channelSeized(let seized):
            let slot = Slot(call: seized.call, attempt: seized.attempt)
            if !held.insert(slot).inserted { faults.append("seized twice: \(seized)") }
            if let callID = inbound[seized.call] { legs[callID] = slot }
        case .attemptSent(let sent) where sent.calledLeg == .trunk:
            legs[sent.sipCallID.description] = Slot(call: sent.call, attempt: sent.attempt)
        case .channelReleased(let released):
            let slot = Slot(call: released.call, attempt: released.attempt)
            if held.remove(slot) == nil { faults.append("released twice: \(released)") }
        default: break
        }
    }

    /// What a carrier counts is held in the log: a channel is never free too early.
    private func checkCarriers() {
        for endpoint in [AgentBed.alpha, AgentBed.beta] {
            guard let peer = peers[endpoint] else { continue }
            for callID in peer.live {
                guard let call = peer.calls[callID], !call.isCaller || call.state == .up else {
                    continue
                }
                if legs[callID].map(held.contains) != true {
                    faults.append("the carrier counts \(callID) (\(call.state)), the log does not")
                }
            }
        }
    }

    var openCallCount: Int { agent.openCallCount }
    var leftovers: Int {
        agent.status.transactions + agent.board.owners.count + agent.board.dialogs.count
            + agent.board.callers.count
    }
}
