public import Ledger
public import TrunkEvents

/// Where the facts lie that a next process needs of the log: those of calls that are not over, of
/// calls that have just ended, and the trunks' settings, bindings and pauses.
///
/// The agent's recovery, fed with these events in their order, comes to the state that it would
/// have after reading the whole log. It forgets a call by the same rules as
/// `SIPAgent.RecoveredState`; a property test in `Tests/RecorderTests` holds the two together.
public struct OpenCallFacts: FactFold {
    public static let name = "open-call-facts"
    public static let version: UInt32 = 3

    private var calls = CallTable<UnfinishedCall>()
    /// Each trunk's newest settings.
    private var trunks: [TrunkName: Position] = [:]
    /// The newest grant of each trunk's binding that neither expired nor was taken back.
    private var bindings: [TrunkName: Position] = [:]
    /// The newest pause that each trunk, or host of one, asked for.
    private var rests: [Rest] = []
    /// Calls that are over, in the order in which they ended.
    private var finished: [FinishedCall] = []
    /// The last event: it tells when the log's process was last alive.
    private var last: Position = .zero

    /// How long an ended call is kept: `SIPAgent.RecoveredState` sends its last messages again.
    static let recentEnd = Nanoseconds.seconds(4)

    public init() {}

    /// The events to read, in the order of the log, each once.
    public var positions: [Position] {
        var all = Set(calls.values.lazy.flatMap(\.facts))
        all.formUnion(trunks.values)
        all.formUnion(bindings.values)
        all.formUnion(rests.map(\.position))
        if last > .zero { all.insert(last) }
        return all.sorted()
    }

    public mutating func read(
        _ fact: borrowing FactView, at stamp: Stamp, finished rows: inout [NoRow]
    ) throws(FactDecodingError) {
        let recent = stamp.wall.advanced(by: Nanoseconds(-Self.recentEnd.count))
        forgetFinished { $0.at < recent }
        switch fact.kind {
        case .trunkConfigured: trunks[try fact.trunkConfigured().trunk] = stamp.position
        case .trunkRemoved:
            let trunk = try fact.trunkRemoved().trunk
            (trunks[trunk], bindings[trunk]) = (nil, nil)
            rests.removeAll { $0.trunk == trunk }
        case .trunkResting: rest(try fact.trunkResting(), stamp)
        case .registrationSucceeded:
            bindings[try fact.registrationSucceeded().trunk] = stamp.position
        case .registrationExpired: bindings[try fact.registrationExpired().trunk] = nil
        case .registrationRemoved: bindings[try fact.registrationRemoved().trunk] = nil
        case .agentStopped: forgetFinished { _ in true }
        case .callStarted: start(try fact.call(), at: stamp.position)
        case .callEnded: note(try fact.call(), stamp) { $0.isEnded = true }
        case .channelSeized:
            let (call, number) = try fact.numberedAttempt()
            note(call, stamp) { $0.attempts.append(UnfinishedAttempt(number)) }
        case .channelReleased: note(try fact.numberedAttempt(), stamp) { $0.isReleased = true }
        case .attemptSent: note(try fact.numberedAttempt(), stamp) { $0.isSent = true }
        case .attemptAnswered, .attemptFailed:
            note(try fact.numberedAttempt(), stamp) { $0.isSettled = true }
        case .attemptProgressed, .callAnswered, .callContinued, .callInterim,
            .sequencesReserved, .modificationSent, .modificationFailed, .sessionTimerChanged,
            .callModified, .transferBegun:
            note(try fact.call(), stamp) { _ in }
        case .callTransferred:
            let transfer = try fact.callTransferred()
            note(transfer.call, stamp) { _ in }
            note(transfer.to, stamp) { _ in }
        case .routeChosen, .callRecovered, .channelRefused, .agentStarted, .heartbeat,
            .clockStepped, .strangersDropped, .trunkNearCap, .trunkBelowCap, .trunkReachable,
            .requestsDropped, .sourceBanned, .trunkUnreachable, .trunkLocated,
            .registrationFailed, .exportClosed, .exportDelivered,
            .exportFailed, .rateDeckLoaded, .invoiceLoaded:
            break
        }
        last = stamp.position
    }

    private mutating func rest(_ fact: TrunkResting, _ stamp: Stamp) {
        rests.removeAll {
            $0.until <= stamp.wall || $0.trunk == fact.trunk && $0.host == fact.host
        }
        rests.append(Rest(fact, stamp))
    }

    private mutating func start(_ id: CallID, at position: Position) {
        let call = UnfinishedCall(position)
        if let place = calls.place(of: id) {
            calls.values[place] = call
        } else {
            calls.append(id, call)
        }
    }

    private mutating func note(
        _ id: CallID, _ stamp: Stamp, _ change: (inout UnfinishedCall) -> Void
    ) {
        guard let place = calls.find(id) else { return }
        let isNewlyFinished = calls.values[place].note(stamp.position, change)
        if isNewlyFinished { finished.append(FinishedCall(call: id, at: stamp.wall)) }
    }

    private mutating func note(
        _ attempt: (call: CallID, number: AttemptNumber), _ stamp: Stamp,
        _ change: (inout UnfinishedAttempt) -> Void
    ) {
        note(attempt.call, stamp) { $0.attempts.change(attempt.number, change) }
    }

    /// Of the calls that ended first, those for which `isOver` holds.
    private mutating func forgetFinished(while isOver: (FinishedCall) -> Bool) {
        guard let first = finished.first, isOver(first) else { return }
        let count = finished.firstIndex { !isOver($0) } ?? finished.count
        for index in 0..<count {
            if let place = calls.place(of: finished[index].call) { calls.remove(at: place) }
        }
        finished.removeFirst(count)
    }
}

/// A pause that a trunk, or one of its hosts, asked for.
private struct Rest: StateCodable {
    let trunk: TrunkName
    let host: Endpoint?
    let until: WallInstant
    let position: Position

    init(_ fact: TrunkResting, _ stamp: Stamp) {
        trunk = fact.trunk
        host = fact.host
        until = stamp.wall.advanced(by: .seconds(Int64(fact.seconds)))
        position = stamp.position
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.write(trunk)
        encoder.write(host)
        encoder.write(until)
        encoder.write(position)
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        trunk = try decoder.read()
        host = try decoder.read()
        until = try decoder.read()
        position = try decoder.read()
    }
}

/// A call that recovery still has to know.
private struct UnfinishedCall: StateCodable {
    var facts: [Position]
    var isEnded = false
    var attempts = UnfinishedAttempts()
    /// Whether it stands among the finished calls.
    var isListed = false

    init(_ started: Position) {
        facts = []
        // Few calls have more facts.
        facts.reserveCapacity(12)
        facts.append(started)
    }

    @inline(__always)  // a look at a flag, for most events
    private var isFinished: Bool { isEnded && attempts.areFinished }

    /// Takes note of a fact and of what it changes, and says whether the call is finished with it.
    @inline(__always)  // with `change` in it: a few instructions an event
    mutating func note(_ position: Position, _ change: (inout Self) -> Void) -> Bool {
        facts.append(position)
        change(&self)
        guard !isListed, isFinished else { return false }
        isListed = true
        return true
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.write(facts)
        encoder.write(isEnded)
        encoder.write(attempts)
        encoder.write(isListed)
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        facts = try decoder.read()
        isEnded = try decoder.read()
        attempts = try decoder.read()
        isListed = try decoder.read()
    }
}

/// In the order in which they began. Most calls have one, which takes no piece of memory.
private struct UnfinishedAttempts: StateCodable {
    private var first: UnfinishedAttempt?
    private var others: [UnfinishedAttempt] = []

    init() {}

    mutating func append(_ attempt: UnfinishedAttempt) {
        if first == nil { first = attempt } else { others.append(attempt) }
    }

    mutating func change(
        _ number: AttemptNumber, _ body: (inout UnfinishedAttempt) -> Void
    ) {
        if var attempt = first, attempt.number == number {
            body(&attempt)
            first = attempt
        } else if let index = others.firstIndex(where: { $0.number == number }) {
            body(&others[index])
        }
    }

    var areFinished: Bool {
        first?.isFinished ?? true && (others.isEmpty || others.allSatisfy(\.isFinished))
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.write((first.map { [$0] } ?? []) + others)
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        let all: [UnfinishedAttempt] = try decoder.read()
        for attempt in all { append(attempt) }
    }
}

private struct UnfinishedAttempt: StateCodable {
    let number: AttemptNumber
    var isSent = false
    /// Answered or failed.
    var isSettled = false
    var isReleased = false

    init(_ number: AttemptNumber) { self.number = number }

    var isFinished: Bool { isReleased && (!isSent || isSettled) }

    func encode(into encoder: inout StateEncoder) {
        encoder.write(number)
        encoder.write(isSent)
        encoder.write(isSettled)
        encoder.write(isReleased)
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        number = try decoder.read()
        isSent = try decoder.read()
        isSettled = try decoder.read()
        isReleased = try decoder.read()
    }
}

private struct FinishedCall: StateCodable {
    let call: CallID
    let at: WallInstant

    init(call: CallID, at: WallInstant) {
        self.call = call
        self.at = at
    }

    func encode(into encoder: inout StateEncoder) {
        encoder.write(call)
        encoder.write(at)
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        call = try decoder.read()
        at = try decoder.read()
    }
}

extension OpenCallFacts: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.write(calls)
        encoder.write(trunks)
        encoder.write(bindings)
        encoder.write(rests)
        encoder.write(finished)
        encoder.write(last)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        calls = try decoder.read()
        trunks = try decoder.read()
        bindings = try decoder.read()
        rests = try decoder.read()
        finished = try decoder.read()
        last = try decoder.read()
    }
}
