import Ledger
public import TrunkEvents

/// One row per attempt that held a channel.
///
/// A row is finished once its channel is free and its outcome is told; whichever fact comes last
/// closes it. The state keeps what is open, and sums per trunk.
public struct CallDetailRecords: Projection {
    public static let name = "call-detail-records"
    public static let version: UInt32 = 3

    public private(set) var closedCount: UInt64 = 0
    public private(set) var totals: [TrunkName: TrunkTotals] = [:]

    private(set) var node: ShortName?
    private var carriers: [TrunkName: CarrierName] = [:]
    private var calls = OpenCalls()
    private var last: Stamp?
    /// The agent's last event.
    private var lastAlive: Stamp?
    /// The agent's last event before its newest restart: what was open then had not ended.
    private var lastBeforeRestart: Stamp?
    private var boot: BootID?
    /// Starts within one boot of the machine share its monotonic clock: they count as one.
    private var clock: BootID?
    private var machineBoot: Octets = .empty

    public init() {}

    /// The newest event's stamp; `nil` for an empty log.
    var lastEvent: Stamp? { last }
    var openCalls: OpenCalls { calls }

    /// Calls that are not over, or still hold a channel.
    public var openCallCount: Int { calls.count }

    /// Every call that started before this instant is told in full; `nil` for an empty log.
    public var completeUntil: WallInstant? {
        guard let last else { return nil }
        return min(last.wall, calls.earliestStart ?? last.wall)
    }

    public mutating func apply(_ entry: LogEntry, finished rows: inout [CDRRow]) {
        if case .agentStarted(let fact) = entry.event { start(fact, in: entry.stamp.boot) }
        let isOfAgent = entry.stamp.boot == boot
        let stamp = isOfAgent ? entry.stamp.onClock(of: clock ?? entry.stamp.boot) : entry.stamp
        last = stamp
        switch entry.event {
        case .trunkConfigured(let fact): carriers[fact.trunk] = fact.carrier
        case .callStarted(let fact): calls[fact.call] = OpenCall(fact, at: stamp)
        case .channelSeized(let fact): seize(fact, at: stamp)
        case .attemptSent(let fact):
            change(fact.call, fact.trunk, fact.attempt) { $0.send(fact) }
        case .attemptProgressed(let fact):
            change(fact.call, fact.trunk, fact.attempt) { $0.progress(fact, at: stamp) }
        case .attemptAnswered(let fact):
            change(fact.call, fact.trunk, fact.attempt) { $0.answer(fact, at: stamp) }
        case .attemptFailed(let fact):
            change(fact.call, fact.trunk, fact.attempt) { $0.fail(fact, at: stamp) }
            close(fact.call, at: stamp, into: &rows)
        case .channelReleased(let fact):
            change(fact.call, fact.trunk, fact.attempt) { $0.released = $0.released ?? stamp }
            close(fact.call, at: stamp, into: &rows)
        case .callAnswered(let fact): answer(fact, at: stamp)
        case .callEnded(let fact):
            end(fact, at: stamp)
            // Where an end is only concluded, `callRecovered` comes next and brings its bounds.
            if fact.source != .recovery { close(fact.call, at: stamp, into: &rows) }
        case .callRecovered(let fact):
            recover(fact, at: stamp)
            close(fact.call, at: stamp, into: &rows)
        case .callContinued(let fact): change(fact.call) { $0.isContinued = true }
        case .agentStarted, .agentStopped, .heartbeat, .clockStepped, .strangersDropped,
            .trunkRemoved,
            .trunkNearCap, .trunkBelowCap, .trunkReachable, .trunkUnreachable,
            .registrationSucceeded, .registrationFailed, .registrationExpired,
            .registrationRemoved, .routeChosen, .callModified, .channelRefused, .exportClosed,
            .exportDelivered, .exportFailed,
            .callInterim, .sequencesReserved, .modificationSent,
            .modificationFailed, .rateDeckLoaded, .invoiceLoaded:
            break
        }
        if isOfAgent { lastAlive = stamp }
    }

    private mutating func start(_ fact: AgentStarted, in boot: BootID) {
        node = fact.node
        let isSameClock = !machineBoot.isEmpty && fact.machineBoot == machineBoot
        if !isSameClock { clock = boot }
        machineBoot = fact.machineBoot
        self.boot = boot
        lastBeforeRestart = lastAlive
    }

    private mutating func seize(_ fact: ChannelSeized, at stamp: Stamp) {
        let carrier = carriers[fact.trunk]
        change(fact.call) { call in
            guard !call.attempts.contains(where: { $0.attempt == fact.attempt }) else { return }
            call.attempts.append(OpenAttempt(fact, carrier: carrier, at: stamp))
        }
    }

    private mutating func change(_ call: CallID, _ body: (inout OpenCall) -> Void) {
        calls.change(call, body)
    }

    private mutating func change(
        _ call: CallID, _ trunk: TrunkName, _ attempt: AttemptNumber,
        _ body: (inout OpenAttempt) -> Void
    ) {
        change(call) { call in
            let index = call.attempts.firstIndex { $0.attempt == attempt && $0.trunk == trunk }
            if let index { body(&call.attempts[index]) }
        }
    }

    private mutating func answer(_ fact: CallAnswered, at stamp: Stamp) {
        change(fact.call) { call in
            guard call.answer == nil else { return }
            call.answer = Answer(
                stamp: stamp, code: .code(200), toTag: fact.toTag,
                codec: SDPText.firstCodec(ofBodyIn: fact.response))
        }
    }

    private mutating func end(_ fact: CallEnded, at stamp: Stamp) {
        change(fact.call) { call in
            guard call.end == nil else { return }
            call.end = CallEnd(
                stamp: stamp, by: fact.endedBy, source: fact.source, code: fact.code,
                q850: fact.q850, reason: fact.reason)
        }
    }

    private mutating func recover(_ fact: CallRecovered, at stamp: Stamp) {
        let lower = lastBeforeRestart.flatMap { $0.moved(to: fact.endLowerBound) }
        change(fact.call) { call in
            guard call.recovery == nil else { return }
            call.recovery = Recovery(
                stamp: stamp, lowerBound: fact.endLowerBound, upperBound: fact.endUpperBound,
                lowerStamp: lower)
        }
    }

    /// Emits the rows of the call that nothing is missing from, and forgets the call with its last.
    private mutating func close(_ id: CallID, at stamp: Stamp, into rows: inout [CDRRow]) {
        guard let call = calls[id], call.hasNews else { return }
        let isLast = call.isFinished
        if isLast { calls[id] = nil }
        for attempt in call.attempts where attempt.isFinished(in: call) {
            let row = CDRRow(call: id, call, attempt, node: node, closedBy: stamp)
            closedCount += 1
            totals[row.trunk, default: TrunkTotals()].add(row)
            rows.append(row)
        }
        guard !isLast else { return }
        change(id) { open in open.attempts.removeAll { $0.isFinished(in: call) } }
    }
}

extension CallDetailRecords: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(closedCount)
        encoder.write(totals)
        encoder.write(node)
        encoder.write(carriers)
        encoder.write(calls)
        encoder.write(last)
        encoder.write(lastAlive)
        encoder.write(lastBeforeRestart)
        encoder.write(boot)
        encoder.write(clock)
        encoder.write(machineBoot)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        closedCount = try decoder.read()
        totals = try decoder.read()
        node = try decoder.read()
        carriers = try decoder.read()
        calls = try decoder.read()
        last = try decoder.read()
        lastAlive = try decoder.read()
        lastBeforeRestart = try decoder.read()
        boot = try decoder.read()
        clock = try decoder.read()
        machineBoot = try decoder.read()
    }
}
