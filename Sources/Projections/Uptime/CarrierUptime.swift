import Ledger
public import TrunkEvents

/// When each trunk and each carrier was up, down, or out of our sight.
///
/// A state that is over leaves as a span; what is kept is what each subject is in now. An agent
/// that stopped or crashed saw nothing from its last event on: that time is unknown, also for
/// what was down before. A carrier is up while one of its trunks is, down once all are down.
public struct CarrierUptime: FactFold {
    public typealias Row = UptimeSpan
    public static let name = "carrier-uptime"
    /// 2: keeps the maintenance windows of trunks. 3: tells why a trunk is not located. 4: keeps
    /// the pauses that trunks ask for.
    public static let version: UInt32 = 4
    /// A living agent records something at least this often: three heartbeats.
    public static let silenceLimit = Nanoseconds.seconds(30)

    public private(set) var trunks: [TrunkName: TrunkEvidence] = [:]
    /// The state that each subject is in.
    public private(set) var current: [UptimeSubject: CurrentUptime] = [:]
    /// What the configuration left out of availability, and when.
    public private(set) var maintenance = MaintenanceHistory()
    /// The agent's last event of any kind: it was alive then.
    public private(set) var lastEvidence: Stamp?
    private var boot: BootID?
    public private(set) var isStopped = true
    /// Whether calls tell anything here: most trunks register or are probed, and most events are of
    /// calls.
    private(set) var learnsFromCalls = false

    public init() {}

    /// What calls tell counts only where nothing else does.
    static let kindsOfCalls: FactKinds = [
        .channelSeized, .channelReleased, .attemptProgressed, .attemptAnswered, .attemptFailed,
    ]
    static let kindsOfTrunks: FactKinds = [
        .agentStarted, .agentStopped, .trunkConfigured, .trunkRemoved, .trunkReachable,
        .trunkUnreachable, .trunkLocated, .trunkResting, .registrationSucceeded,
        .registrationFailed, .registrationExpired, .registrationRemoved,
    ]

    public mutating func read(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [UptimeSpan]
    ) throws(FactDecodingError) {
        let isOfCall = learnsFromCalls && Self.kindsOfCalls.contains(fact.kind)
        let tells = isOfCall || Self.kindsOfTrunks.contains(fact.kind)
        if tells || isSilence(before: stamp) {
            var log = SpanLog(stamp)
            fillSilence(stamp, &log)
            if tells { take(try fact.event(), &log) }
            rows.append(contentsOf: log.spans)
        }
        // What others record between two runs of the agent tells nothing of its life.
        if stamp.boot == boot { lastEvidence = stamp }
    }

    private mutating func take(_ event: Event, _ log: inout SpanLog) {
        switch event {
        case .agentStarted: start(&log)
        case .agentStopped: stop(&log)
        case .trunkConfigured(let fact):
            maintenance.set(fact.maintenance, of: fact.trunk, at: log.wall)
            configure(fact, &log)
        case .trunkRemoved(let fact):
            maintenance.set([], of: fact.trunk, at: log.wall)
            remove(fact.trunk, &log)
        case .trunkReachable(let fact):
            let cause = UptimeCause(.probeAnswered, code: fact.code)
            change(fact.trunk, &log) { $0.reachability = cause }
        case .trunkUnreachable(let fact):
            change(fact.trunk, &log) { $0.reachability = UptimeCause(fact) }
        case .trunkLocated(let fact):
            if !fact.hosts.isEmpty { change(fact.trunk, &log) { $0.locate() } }
        case .trunkResting(let fact):
            if fact.host == nil { trunks[fact.trunk]?.rest(from: log.wall, for: fact.seconds) }
        case .registrationSucceeded(let fact):
            change(fact.trunk, &log) { $0.registration = UptimeCause(.registered) }
        case .registrationFailed(let fact):
            change(fact.trunk, &log) { $0.registration = UptimeCause(fact) }
        case .registrationExpired(let fact):
            change(fact.trunk, &log) { $0.registration = UptimeCause(.registrationExpired) }
        case .registrationRemoved(let fact):
            change(fact.trunk, &log) { $0.registration = UptimeCause(.registrationRemoved) }
        case .channelSeized(let fact):
            learn(fact.trunk, &log) { $0.begin(fact) }
        case .attemptProgressed(let fact):
            let channel = ChannelID(call: fact.call, attempt: fact.attempt)
            learn(fact.trunk, &log) { $0.progress(channel, code: fact.code) }
        case .attemptAnswered(let fact):
            let channel = ChannelID(call: fact.call, attempt: fact.attempt)
            learn(fact.trunk, &log) { $0.progress(channel, code: fact.code) }
        case .attemptFailed(let fact):
            learn(fact.trunk, &log) { $0.fail(fact) }
        case .channelReleased(let fact):
            let channel = ChannelID(call: fact.call, attempt: fact.attempt)
            learn(fact.trunk, &log) { $0.attempts[channel] = nil }
        case .heartbeat, .clockStepped, .strangersDropped, .trunkNearCap, .trunkBelowCap,
            .requestsDropped, .sourceBanned, .callStarted, .routeChosen, .callAnswered,
            .callModified, .callEnded, .callRecovered, .channelRefused, .attemptSent,
            .exportClosed, .exportDelivered, .exportFailed, .callContinued, .callInterim,
            .sequencesReserved, .modificationSent, .modificationFailed, .sessionTimerChanged,
            .transferBegun, .callTransferred,
            .rateDeckLoaded, .invoiceLoaded:
            break
        }
    }

    private mutating func start(_ log: inout SpanLog) {
        if !isStopped, let lastEvidence {
            leave(because: UptimeCause(.agentSilent), since: lastEvidence.wall, &log)
        }
        isStopped = false
        boot = log.boot
        for name in trunks.keys { trunks[name]?.absence = nil }
    }

    private mutating func stop(_ log: inout SpanLog) {
        leave(because: UptimeCause(.agentStopped), since: log.wall, &log)
        isStopped = true
    }

    private mutating func leave(
        because cause: UptimeCause, since instant: WallInstant, _ log: inout SpanLog
    ) {
        let names = trunks.keys.sorted { $0.precedes($1) }
        for name in names { trunks[name]?.forget(because: cause) }
        for name in names { settle(name, at: instant, &log) }
    }

    private mutating func configure(_ fact: TrunkConfigured, _ log: inout SpanLog) {
        if let known = trunks[fact.trunk] {
            if known.counts(under: fact) { return }
            if known.carrier != fact.carrier { remove(fact.trunk, &log) }
        }
        trunks[fact.trunk] = TrunkEvidence(fact)
        noteWhetherCallsTell()
        settle(fact.trunk, at: log.wall, &log)
    }

    private mutating func remove(_ trunk: TrunkName, _ log: inout SpanLog) {
        guard let evidence = trunks.removeValue(forKey: trunk) else { return }
        noteWhetherCallsTell()
        close(.trunk(trunk, of: evidence.carrier), at: log.wall, &log)
        settle(evidence.carrier, preferring: nil, at: log.wall, &log)
    }

    private mutating func noteWhetherCallsTell() {
        learnsFromCalls = trunks.values.contains(where: \.learnsFromCalls)
    }

    /// What a call tells.
    private mutating func learn(
        _ trunk: TrunkName, _ log: inout SpanLog, _ body: (inout TrunkEvidence) -> Void
    ) {
        if learnsFromCalls { change(trunk, &log, body) }
    }

    private mutating func change(
        _ trunk: TrunkName, _ log: inout SpanLog, _ body: (inout TrunkEvidence) -> Void
    ) {
        guard trunks[trunk] != nil else { return }
        body(&trunks[trunk]!)
        settle(trunk, at: log.wall, &log)
    }

    private mutating func settle(
        _ trunk: TrunkName, at instant: WallInstant, _ log: inout SpanLog
    ) {
        guard let evidence = trunks[trunk] else { return }
        let cause = evidence.cause
        let subject = UptimeSubject.trunk(trunk, of: evidence.carrier)
        let known = current[subject]?.cause
        // It is unknown as before, but now there is something to tell of it.
        let isNews = cause.kind == .resolverFailed && known?.kind != .resolverFailed
        guard known?.state != cause.state || isNews else { return }
        enter(subject, cause, at: instant, &log)
        settle(evidence.carrier, preferring: cause, at: instant, &log)
    }

    /// Draws a carrier's state from its trunks; of several causes the trunk's that just changed.
    private mutating func settle(
        _ carrier: CarrierName, preferring cause: UptimeCause?, at instant: WallInstant,
        _ log: inout SpanLog
    ) {
        let causes = trunks.filter { $0.value.carrier == carrier }
            .sorted { $0.key.precedes($1.key) }.map(\.value.cause)
        guard !causes.isEmpty else {
            close(.carrier(carrier), at: instant, &log)
            return
        }
        let order: [UptimeState] = [.up, .unknown, .down]
        let state = order.first { state in causes.contains { $0.state == state } }
        guard let state, current[.carrier(carrier)]?.cause.state != state else { return }
        let candidates = (cause.map { [$0] } ?? []) + causes
        guard let chosen = candidates.first(where: { $0.state == state }) else { return }
        enter(.carrier(carrier), chosen, at: instant, &log)
    }

    private mutating func enter(
        _ subject: UptimeSubject, _ cause: UptimeCause, at instant: WallInstant,
        _ log: inout SpanLog
    ) {
        close(subject, at: instant, &log)
        current[subject] = CurrentUptime(cause: cause, since: instant)
    }

    private mutating func close(
        _ subject: UptimeSubject, at instant: WallInstant, _ log: inout SpanLog
    ) {
        guard let open = current.removeValue(forKey: subject) else { return }
        log.add(subject, open.cause, from: open.since, to: instant)
    }

    /// A long gap within one boot: the machine was suspended, or the agent could not record.
    private func isSilence(before now: Stamp) -> Bool {
        guard !isStopped, let lastEvidence, lastEvidence.boot == now.boot else { return false }
        return lastEvidence.elapsed(to: now) > Self.silenceLimit
    }

    private mutating func fillSilence(_ now: Stamp, _ log: inout SpanLog) {
        guard isSilence(before: now), let last = lastEvidence else { return }
        for subject in current.keys.sorted(by: { $0.precedes($1) }) {
            guard let open = current[subject], open.cause.state != .unknown else { continue }
            log.add(subject, open.cause, from: open.since, to: last.wall)
            log.add(subject, UptimeCause(.agentSilent), from: last.wall, to: now.wall)
            current[subject] = CurrentUptime(cause: open.cause, since: now.wall)
        }
    }
}

/// The state a subject is in, what put it there, and when.
public struct CurrentUptime: Hashable, Sendable {
    public let cause: UptimeCause
    public let since: WallInstant
}

/// The spans that one event closes.
private struct SpanLog {
    let position: Position
    let wall: WallInstant
    let boot: BootID
    private(set) var spans: [UptimeSpan] = []

    init(_ stamp: Stamp) {
        position = stamp.position
        wall = stamp.wall
        boot = stamp.boot
    }

    /// Spans without length, and those that a wall clock set back turned around, are no time.
    mutating func add(
        _ subject: UptimeSubject, _ cause: UptimeCause, from: WallInstant, to: WallInstant
    ) {
        guard from < to else { return }
        spans.append(
            UptimeSpan(
                subject: subject, cause: cause, from: from, to: to, closedAt: position))
    }
}

extension CurrentUptime: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(cause)
        encoder.write(since)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        cause = try decoder.read()
        since = try decoder.read()
    }
}

extension CarrierUptime: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(trunks)
        encoder.write(current)
        encoder.write(lastEvidence)
        encoder.write(boot)
        encoder.write(isStopped)
        encoder.write(maintenance)
    }
    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        trunks = try decoder.read()
        current = try decoder.read()
        lastEvidence = try decoder.read()
        boot = try decoder.read()
        isStopped = try decoder.read()
        maintenance = try decoder.read()
        noteWhetherCallsTell()
    }
}
