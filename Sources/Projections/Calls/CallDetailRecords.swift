import Ledger
public import TrunkEvents

/// One row per attempt that held a channel.
///
/// A row is finished once its channel is free and its outcome is told; whichever fact comes last
/// closes it. The state keeps what is open, and sums per trunk.
public struct CallDetailRecords: FactFold {
    public typealias Row = CDRRow
    public static let name = "call-detail-records"
    public static let version: UInt32 = 5

    public private(set) var closedCount: UInt64 = 0
    private var sums = DenseTable<TrunkName, TrunkTotals>()

    private(set) var node: ShortName?
    private var carriers = DenseTable<TrunkName, CarrierName>()
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

    public static func forWholeLog() -> Self {
        var records = Self()
        records.calls = OpenCalls(encodesHeld: false)
        return records
    }

    public var totals: [TrunkName: TrunkTotals] { sums.dictionary }

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

    public mutating func read(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [CDRRow]
    ) throws(FactDecodingError) {
        try read(fact, at: stamp, into: &rows)
    }

    mutating func read(
        _ fact: borrowing FactView, at moment: Stamp, into rows: inout some RecordSink
    ) throws(FactDecodingError) {
        if fact.kind == .agentStarted { start(try fact.agentStarted(), in: moment.boot) }
        let isOfAgent = moment.boot == boot
        let stamp = isOfAgent ? moment.onClock(of: clock ?? moment.boot) : moment
        switch fact.kind {
        case .trunkConfigured:
            let settings = try fact.trunkConfigured()
            carriers.changeOrMake(settings.trunk, settings.carrier) { $0 = settings.carrier }
        case .callStarted, .callAnswered, .callEnded, .callRecovered, .callContinued:
            try readCall(fact, at: stamp, &rows)
        case .channelSeized, .attemptSent, .attemptProgressed, .attemptAnswered, .attemptFailed,
            .channelReleased:
            try readAttempt(fact, at: stamp, &rows)
        case .agentStarted, .agentStopped, .heartbeat, .clockStepped, .strangersDropped,
            .requestsDropped, .sourceBanned, .trunkResting,
            .trunkRemoved, .trunkNearCap, .trunkBelowCap, .trunkReachable, .trunkUnreachable,
            .trunkLocated, .registrationSucceeded, .registrationFailed, .registrationExpired,
            .registrationRemoved, .routeChosen, .callModified, .channelRefused, .exportClosed,
            .exportDelivered, .exportFailed, .callInterim, .sequencesReserved, .modificationSent,
            .modificationFailed, .sessionTimerChanged, .transferBegun,
            .callTransferred, .rateDeckLoaded, .invoiceLoaded:
            break
        }
        last = stamp
        if isOfAgent { lastAlive = stamp }
    }

    private mutating func readCall(
        _ fact: borrowing FactView, at stamp: Stamp, _ rows: inout some RecordSink
    ) throws(FactDecodingError) {
        switch fact.kind {
        case .callStarted:
            let started = try fact.callStarted()
            calls.begin(started.call, OpenCall(started, at: stamp))
        case .callAnswered: answer(try fact.callAnswered(), at: stamp)
        case .callEnded:
            let ended = try fact.callEnded()
            end(ended, at: stamp)
            // Where an end is only concluded, `callRecovered` comes next and brings its bounds.
            if ended.source != .recovery { close(ended.call, at: stamp, into: &rows) }
        case .callRecovered:
            let recovered = try fact.callRecovered()
            recover(recovered, at: stamp)
            close(recovered.call, at: stamp, into: &rows)
        default: calls.change(try fact.call()) { $0.isContinued = true }
        }
    }

    private mutating func readAttempt(
        _ fact: borrowing FactView, at stamp: Stamp, _ rows: inout some RecordSink
    ) throws(FactDecodingError) {
        switch fact.kind {
        case .channelSeized: seize(try fact.channelSeized(), at: stamp)
        case .attemptSent:
            let sent = try fact.attemptSent()
            change(sent.place) { $0.send(sent) }
        case .attemptProgressed:
            let progress = try fact.attemptProgressed()
            change(progress.place) { $0.progress(progress, at: stamp) }
        case .attemptAnswered:
            let answered = try fact.attemptAnswered()
            change(answered.place) { $0.answer(answered, at: stamp) }
        case .attemptFailed:
            let failed = try fact.attemptFailed()
            change(failed.place) { $0.fail(failed, at: stamp) }
            close(failed.place.call, at: stamp, into: &rows)
        default:
            let place = try fact.attempt()
            change(place) { $0.released = $0.released ?? stamp }
            close(place.call, at: stamp, into: &rows)
        }
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
        let carrier = carriers.place(of: fact.trunk).map { carriers.values[$0] }
        calls.change(fact.call) { call in
            guard !call.attempts.contains(where: { $0.attempt == fact.attempt }) else { return }
            call.attempts.append(OpenAttempt(fact, carrier: carrier, at: stamp))
        }
    }

    private mutating func change(
        _ place: AttemptPlace, _ body: (inout OpenAttempt) -> Void
    ) {
        calls.change(place.call) { call in
            let index = call.attempts.firstIndex {
                $0.attempt == place.attempt && $0.trunk == place.trunk
            }
            if let index { body(&call.attempts[index]) }
        }
    }

    private mutating func answer(_ fact: borrowing CallAnsweredView, at stamp: Stamp) {
        calls.change(fact.call) { call in
            guard call.answer == nil else { return }
            call.answer = Answer(stamp: stamp, code: .code(200))
            call.texts.set(.toTag, fact.toTag)
            call.texts[.codec] = SDPText.firstCodec(ofBodyIn: fact.response)
        }
    }

    private mutating func end(_ fact: borrowing CallEndedView, at stamp: Stamp) {
        calls.change(fact.call) { call in
            guard call.end == nil else { return }
            call.end = CallEnd(
                stamp: stamp, by: fact.endedBy, source: fact.source, code: fact.code,
                q850: fact.q850)
            call.texts.set(.reason, fact.reason)
        }
    }

    private mutating func recover(_ fact: CallRecovered, at stamp: Stamp) {
        let lower = lastBeforeRestart.flatMap { $0.moved(to: fact.endLowerBound) }
        calls.change(fact.call) { call in
            guard call.recovery == nil else { return }
            call.recovery = Recovery(
                stamp: stamp, lowerBound: fact.endLowerBound, upperBound: fact.endUpperBound,
                lowerStamp: lower)
        }
    }

    /// Emits the rows of the call that nothing is missing from, and forgets the call with its last.
    private mutating func close(
        _ id: CallID, at stamp: Stamp, into rows: inout some RecordSink
    ) {
        Self.close(id, of: &calls, at: stamp, node, into: &rows, &closedCount, &sums)
    }

    /// Parts of the state side by side: the calls are changed while the sums are.
    private static func close(
        _ id: CallID, of calls: inout OpenCalls, at stamp: Stamp, _ node: ShortName?,
        into rows: inout some RecordSink, _ closedCount: inout UInt64,
        _ sums: inout DenseTable<TrunkName, TrunkTotals>
    ) {
        calls.takeRecords(of: id, node: node, closedBy: stamp) { record in
            rows.take(record)
            closedCount += 1
            sums.changeOrMake(record.figures.trunk, TrunkTotals()) { sum in
                sum.add(
                    record.figures.disposition, talk: record.figures.talkMilliseconds,
                    hold: record.figures.holdMilliseconds)
            }
        }
    }
}

extension CallDetailRecords: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(closedCount)
        encoder.write(sums.dictionary)
        encoder.write(node)
        encoder.write(carriers.dictionary)
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
        sums = DenseTable(try decoder.read())
        node = try decoder.read()
        carriers = DenseTable(try decoder.read())
        calls = try decoder.read()
        last = try decoder.read()
        lastAlive = try decoder.read()
        lastBeforeRestart = try decoder.read()
        boot = try decoder.read()
        clock = try decoder.read()
        machineBoot = try decoder.read()
    }
}
