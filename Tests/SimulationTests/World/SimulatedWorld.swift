import Projections
import TestSupport
import TrunkEvents

@testable import Ledger
@testable import Recorder
@testable import SIPAgent

/// The recorder between a dialer and two carriers, in virtual time: the agent with its real gate,
/// its disk, the network, kills and restarts. Each step is held against the promises.
final class SimulatedWorld {
    private enum Happening {
        case arrival(Datagram)
        case commitEnd(SimulatedDisk.Outcome, life: Int)
        case restart
        case registrar(Registrar.Mood)
    }

    private let configuration: SIPAgent.AgentConfiguration
    private let weather: Weather
    private let seed: UInt64
    private var random: SeededGenerator
    private var clock = SimulatedClock()
    private var queue = EventQueue<Happening>()
    private var network: SimulatedNetwork
    private var disk: SimulatedDisk
    private let parties: [Party]
    /// At the door; nobody where there is no siege.
    private let knockers: [Knocker]
    /// `nil` while the process is down.
    private var agent: GatedAgent?
    private var inFlight: CommitQueue.Commit?
    /// The disk has not seen this life's first batch yet.
    private var isStarting = true
    private(set) var life = 0
    /// Messages that still leave before the process dies.
    private var lastMessages: Int?
    private(set) var log = SimulatedLog()
    private var recorded = KnownFacts()
    private(set) var durable = KnownFacts()
    private var wire: WirePromises
    private var trunkPromises: TrunkPromises
    private var sourcePromises: SourcePromises
    private(set) var faults: [String] = []
    private var isCalm = false

    init(_ scenario: Scenario, seed: UInt64) {
        self.seed = seed
        weather = scenario.weather
        let policies = RoutingPolicy.allCases
        configuration = Line.configuration(
            policies[Int(seed % UInt64(policies.count))], isBesieged: scenario.isBesieged)
        knockers = scenario.isBesieged ? Line.knockers(seed: seed) : []
        trunkPromises = TrunkPromises(configuration)
        sourcePromises = SourcePromises(
            configuration.security,
            guessers: Set(knockers.filter { $0.intent == .guessing }.map(\.endpoint.address)))
        random = SeededGenerator(seed: seed)
        network = SimulatedNetwork(weather.network)
        disk = SimulatedDisk(weather.disk)
        parties = Line.parties(scenario.conduct, seed: seed)
        wire = WirePromises(peers: parties.map(\.endpoint) + knockers.map(\.endpoint))
        if scenario.conduct == .rude { planMoods() }
        boot()
    }

    // MARK: Time

    var now: MonotonicInstant { clock.now }

    func run(for span: Nanoseconds) {
        let end = now.advanced(by: span)
        while let next = nextInstant, next <= end, faults.count < 5 {
            clock.move(to: next)
            turn()
        }
        clock.move(to: end)
    }

    private var nextInstant: MonotonicInstant? {
        var next = queue.next
        for party in parties { next = earlier(next, party.nextDeadline) }
        for knocker in knockers { next = earlier(next, knocker.nextDeadline) }
        return earlier(next, agent?.nextDue().map { clock.worldInstant($0) })
    }

    private func earlier(
        _ one: MonotonicInstant?, _ other: MonotonicInstant?
    ) -> MonotonicInstant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    private func turn() {
        while let happening = queue.pop(dueAt: now) { take(happening) }
        for party in parties {
            guard let deadline = party.nextDeadline, deadline <= now else { continue }
            run(party) { party.advance(to: now) }
        }
        for knocker in knockers {
            guard let deadline = knocker.nextDeadline, deadline <= now else { continue }
            run(knocker) { knocker.advance(to: now) }
        }
        if let due = agent?.nextDue(), clock.worldInstant(due) <= now {
            perform { core, output, moment in core.advance(to: moment, into: &output) }
        }
    }

    private func take(_ happening: Happening) {
        switch happening {
        case .arrival(let datagram): arrive(datagram)
        case .commitEnd(let outcome, let life): if life == self.life { commitEnded(outcome) }
        case .restart: boot()
        case .registrar(let mood):
            for party in parties {
                party.registrar?.restart(in: isCalm ? .sound : mood, &party.station.entropy)
            }
        }
    }

    // MARK: The agent

    private func perform(_ body: (inout AgentCore, inout AgentOutput, Moment) -> Void) {
        if random.happens(weather.clockStepChance, in: 10_000), !isCalm {
            clock.stepWall(by: .milliseconds(Int64.random(in: -5_000...5_000, using: &random)))
        }
        let moment = clock.moment
        agent?.step { core, output in body(&core, &output, moment) }
        settle(at: moment)
    }

    private func settle(at moment: Moment) {
        if !isCalm, random.happens(weather.killChance, in: 10_000) {
            lastMessages = Int.random(in: 0...3, using: &random)
        }
        repeat {
            agent?.step { core, output in observe(core, output) }
        } while agent?.carryOut(at: moment, send: transmit) == true
        let due = agent?.settle(at: moment, isAwaited: isStarting, send: transmit)
        if let due {
            inFlight = due
            let (outcome, at) = disk.commit(isReserve: due.isReserve, at: now, &random)
            queue.insert(.commitEnd(outcome, life: life), at: at)
        }
        if lastMessages != nil { die() }
    }

    /// What the agent has just made known.
    private func observe(_ core: borrowing AgentCore, _ output: AgentOutput) {
        var changes = false
        for case .record(let fact) in output.steps {
            Trace.tell("record \(fact.event)", at: now)
            note(recorded.apply(fact.event, at: now))
            note(trunkPromises.check(fact.event, at: now))
            note(sourcePromises.check(fact.event, at: now))
            changes = true
        }
        guard changes else { return }
        for trunk in configuration.trunks {
            let inUse = core.board.trunks.channels.inUse(trunk.name)
            let known = recorded.inUse[trunk.name] ?? 0
            if inUse != known { note("\(trunk.name) holds \(inUse), its facts say \(known)") }
        }
    }

    private func boot() {
        life += 1
        isStarting = true
        let entropy = Entropy.seeded(seed &+ UInt64(life) &* 7_919)
        agent = GatedAgent(core: AgentCore(configuration: configuration, entropy: entropy))
        recorded = durable
        trunkPromises.beginLife()
        sourcePromises.beginLife()
        let state = log.recovered()
        perform { core, output, moment in
            output.record(
                .agentStarted(
                    AgentStarted(
                        node: self.configuration.node, version: "1",
                        machineBoot: self.clock.machineBoot)), at: moment)
            core.start(recovering: state, at: moment, into: &output)
        }
    }

    /// `kill -9`: what is not on disk is gone, and of the batch in flight nobody knows.
    private func die() {
        Trace.tell("killed", at: now)
        lastMessages = nil
        agent = nil
        if let commit = inFlight, Bool.random(using: &random) { keep(commit) }
        inFlight = nil
        life += 1
        if random.percent(weather.rebootPercent) { clock.rebootMachine() }
        let downtime = random.milliseconds(weather.downtimeMilliseconds)
        queue.insert(.restart, at: now.advanced(by: downtime))
        attempt { try log.reopenProjections() }
    }

    // MARK: The disk

    private func commitEnded(_ outcome: SimulatedDisk.Outcome) {
        guard let commit = inFlight else { return }
        isStarting = false
        let moment = clock.moment
        switch outcome {
        case .durable:
            inFlight = nil
            keep(commit)
            agent?.committed(at: moment.monotonic, send: transmit)
        case .refused:
            inFlight = nil
            agent?.refused(at: moment)
        case .unknown:
            return die()
        }
        settle(at: moment)
    }

    private func keep(_ commit: CommitQueue.Commit) {
        attempt {
            for entry in try log.append(commit.batch, boot: BootID(high: 7, low: UInt64(life))) {
                Trace.tell("durable \(entry.position) \(entry.event.kind)", at: now)
                note(durable.apply(entry.event, at: now))
                checkTruth(entry.event)
            }
        }
    }

    // MARK: The network

    private func transmit(_ message: OutgoingMessage) {
        if let left = lastMessages {
            guard left > 0 else { return }
            lastMessages = left - 1
        }
        Trace.tell("-> \(message.remote) \(Trace.describe(message.bytes))", at: now)
        note(
            wire.check(message, recorded: recorded, durable: durable, life: life, at: now))
        carry(message, peer: message.remote)
    }

    private func carry(_ message: OutgoingMessage, peer: Endpoint) {
        network.carry(message, peer: peer, at: now, &random) { datagram, at in
            queue.insert(.arrival(datagram), at: at)
        }
    }

    private func arrive(_ datagram: Datagram) {
        if datagram.destination == Line.agent {
            guard agent != nil else { return }
            Trace.tell("<- \(datagram.source) \(Trace.describe(datagram.bytes))", at: now)
            perform { core, output, moment in
                core.receive(
                    datagram.bytes, from: datagram.source, on: datagram.destination, at: moment,
                    into: &output)
                note(sourcePromises.check(datagram, answeredBy: output, at: now))
            }
        } else if let knocker = knockers.first(where: { $0.endpoint == datagram.destination }) {
            run(knocker) { note(knocker.receive(datagram.bytes, at: now)) }
        } else if let party = parties.first(where: { $0.endpoint == datagram.destination }) {
            run(party) { party.receive(datagram.bytes, at: now) }
        }
    }

    private func run(_ party: Party, _ body: () -> Void) {
        for message in party.step(body) { carry(message, peer: party.endpoint) }
        guard party.endpoint != Line.dialer else { return }
        for callID in party.newlyCounted where durable.held[slot(of: callID)] == nil {
            note("\(party.endpoint) counts \(Octets(callID)), the log does not")
        }
    }

    private func run(_ knocker: Knocker, _ body: () -> Void) {
        body()
        for message in knocker.takeMessages() { carry(message, peer: knocker.endpoint) }
    }

    // MARK: The parties' orders

    func place(_ name: String, from caller: Endpoint, to number: String) {
        guard let party = parties.first(where: { $0.endpoint == caller }) else { return }
        run(party) { party.place(name, to: number, at: now) }
    }

    private func planMoods() {
        var at = now
        for _ in 0..<8 {
            at = at.advanced(by: random.milliseconds(1_000...60_000))
            let mood = random.one(of: Registrar.Mood.allCases)
            queue.insert(.registrar(mood), at: at)
        }
    }

    /// How much less `measure` finds once the agent is gone.
    func withoutAgent(_ measure: () -> Int) -> Int {
        let before = measure()
        agent = nil
        return before - measure()
    }

    /// From here on nothing breaks, every party ends its calls, and at last the agent is told to
    /// stop.
    func windDown() {
        isCalm = true
        network.isCalm = true
        disk.isCalm = true
        for party in parties {
            party.registrar?.restart(in: .sound, &party.station.entropy)
            run(party) { party.stop(at: now) }
        }
        for knocker in knockers { knocker.stop() }
        run(for: .seconds(300))
        checkQuiet()
        let deadline = clock.moment.monotonic.advanced(by: .seconds(5))
        agent?.beginStop(.terminated, hangUpCalls: true, until: deadline, at: clock.moment)
        settle(at: clock.moment)
        run(for: .seconds(100))
        checkStopped()
    }
}

// What the parties know to be true.
extension SimulatedWorld {
    private func note(_ fault: String?) {
        guard let fault else { return }
        faults.append("\(now.nanoseconds / 1_000_000) ms, life \(life): \(fault)")
    }

    private func attempt(_ body: () throws -> Void) {
        do { try body() } catch { note("\(error)") }
    }

    private func slot(of callID: [UInt8]) -> Slot {
        durable.trunkLegs[Octets(callID)]
            ?? Slot(call: CallID(rawValue: 0), attempt: .first)
    }

    private func call(_ leg: Octets?) -> PartyCall? {
        guard let leg else { return nil }
        for party in parties {
            if let call = party.calls[leg.bytes] { return call }
        }
        return nil
    }

    private func checkTruth(_ event: Event) {
        switch event {
        case .channelReleased(let fact):
            let slot = Slot(call: fact.call, attempt: fact.attempt)
            if let call = call(durable.trunkLegOf[slot]), call.isCounted, isKnown(call) {
                note("\(slot) is free, its carrier counts it: \(Party.describe(call))")
            }
        case .callEnded(let fact)
        where fact.endedBy == .agent && durable.answered.contains(fact.call):
            guard let caller = callerParty(of: fact.call), caller.isKept,
                let called = calledParty(of: fact.call), called.isKept
            else { return }
            if fact.source == .sessionTimer, refreshesMayBeLost { return }
            note("the agent ended \(fact.call), which both sides keep: \(fact)")
        default: break
        }
    }

    /// Over a network that falls apart, the last copy of an INVITE may arrive alone, and its answer
    /// after Timer B (RFC 3261 section 17.1.1.2): nobody can know then.
    private func isKnown(_ call: PartyCall) -> Bool {
        weather.network.partitionChance == 0 || call.state == .up
    }

    /// A refresh is due in the middle of an interval of 90 s, and is missed after two thirds of it:
    /// a network that fell apart meanwhile may have kept all of its copies.
    private var refreshesMayBeLost: Bool {
        parties.contains { network.wasCutOff($0.endpoint, within: .seconds(15), before: now) }
    }

    /// It began to ring when the agent had given up in silence: nobody is left to cancel it.
    private func isGhost(_ call: PartyCall) -> Bool {
        call.state == .alerting && !isKnown(call)
            && durable.givenUpInSilence.contains(Octets(call.callID))
    }

    /// `nil` where it has asked to be let go, or was.
    private func callerParty(of call: CallID) -> PartyCall? {
        if durable.transferredTo[call] != nil { return nil }
        if let transfer = durable.joined[call] {
            return transfer.leaving == .caller
                ? calledParty(of: transfer.call) : self.call(durable.callerLegs[transfer.call])
        }
        return durable.referred.contains(call) ? nil : self.call(durable.callerLegs[call])
    }

    private func joinedParty(of call: CallID) -> PartyCall? {
        if durable.joined[call] != nil { return callerParty(of: call) }
        return durable.transferredTo[call].flatMap(calledParty)
    }

    private func calledParty(of call: CallID) -> PartyCall? {
        for number in (1...4).reversed() {
            let slot = Slot(call: call, attempt: AttemptNumber(rawValue: UInt16(number)))
            if let leg = durable.calledLegOf[slot], durable.calledTags[leg] != nil {
                return self.call(leg)
            }
        }
        return nil
    }

    /// Long after the last message nothing is left of any call, anywhere.
    private func checkQuiet() {
        for party in parties {
            for call in party.unfinished.filter({ !isGhost($0) }).prefix(3) {
                note("\(party.endpoint) still has \(Party.describe(call))")
            }
        }
        if !durable.held.isEmpty { note("channels are held: \(durable.held.count)") }
        let open = durable.started.filter { durable.ended[$0] == nil }.sorted()
        if let first = open.first { note("\(open.count) calls never ended: \(first)") }
        if !knockers.isEmpty, sourcePromises.banCount == 0 { note("nobody was banned") }
        if log.records.openCallCount > 0 { note("\(log.records.openCallCount) CDRs are open") }
        attempt {
            if try log.differsFromRebuild() { note("live state differs from its rebuild") }
        }
        let truth = RecordTruth(
            party: { self.call($0) }, joined: { self.joinedParty(of: $0) }, clock: clock,
            slack: weather.isExact ? .milliseconds(75) : nil)
        for row in log.rows { note(truth.fault(in: row)) }
        checkTables(isStopped: false)
    }

    private func checkStopped() {
        guard agent?.isStopped == true else { return note("the agent does not stop") }
        checkTables(isStopped: true)
    }

    private func checkTables(isStopped: Bool) {
        guard agent != nil else { return note("the agent is down") }
        var status: AgentStatus?
        var tables: [Int] = []
        agent?.step { core, _ in
            status = core.status
            tables = [core.calls.count, core.board.dialogs.count, core.board.callers.count]
            if isStopped { tables.append(core.board.owners.count) }
        }
        if tables.contains(where: { $0 > 0 }) { note("tables are not empty: \(tables)") }
        guard let status, isStopped else { return }
        if status.transactions > 0 { note("\(status.transactions) transactions are left") }
        if status.timers > 0 { note("\(status.timers) timers are left") }
    }
}
