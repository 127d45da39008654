public import Ledger
import TrunkEvents

/// Where the facts lie that a next process needs of the log: those of calls that are not over, of
/// calls that have just ended, and the trunks' settings.
///
/// The agent's recovery, fed with these events in their order, comes to the state that it would
/// have after reading the whole log. It forgets a call by the same rules as
/// `SIPAgent.RecoveredState`; a property test in `Tests/RecorderTests` holds the two together.
public struct OpenCallFacts: Projection {
    public static let name = "open-call-facts"
    public static let version: UInt32 = 1

    private var calls: [CallID: UnfinishedCall] = [:]
    /// Each trunk's newest settings.
    private var trunks: [TrunkName: Position] = [:]
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
        if last > .zero { all.insert(last) }
        return all.sorted()
    }

    public mutating func apply(_ entry: LogEntry, finished rows: inout [NoRow]) {
        let wall = entry.wall
        last = entry.position
        forgetFinished { $0.at < wall.advanced(by: Nanoseconds(-Self.recentEnd.count)) }
        switch entry.event {
        case .trunkConfigured(let fact): trunks[fact.trunk] = entry.position
        case .trunkRemoved(let fact): trunks[fact.trunk] = nil
        case .agentStopped: forgetFinished { _ in true }
        case .callStarted(let fact): calls[fact.call] = UnfinishedCall(entry.position)
        case .callEnded(let fact): note(fact.call, entry) { $0.isEnded = true }
        case .channelSeized(let fact):
            note(fact.call, entry) { $0.attempts.append(UnfinishedAttempt(fact.attempt)) }
        case .channelReleased(let fact):
            note(fact.call, fact.attempt, entry) { $0.isReleased = true }
        case .attemptSent(let fact): note(fact.call, fact.attempt, entry) { $0.isSent = true }
        case .attemptAnswered(let fact):
            note(fact.call, fact.attempt, entry) { $0.isSettled = true }
        case .attemptFailed(let fact):
            note(fact.call, fact.attempt, entry) { $0.isSettled = true }
        case .attemptProgressed(let fact): note(fact.call, entry)
        case .callAnswered(let fact): note(fact.call, entry)
        case .callContinued(let fact): note(fact.call, entry)
        case .callInterim(let fact): note(fact.call, entry)
        case .sequencesReserved(let fact): note(fact.call, entry)
        case .modificationSent(let fact): note(fact.call, entry)
        case .modificationFailed(let fact): note(fact.call, entry)
        case .callModified(let fact): note(fact.call, entry)
        case .routeChosen, .callRecovered, .channelRefused, .agentStarted, .heartbeat,
            .clockStepped, .strangersDropped, .trunkNearCap, .trunkBelowCap, .trunkReachable,
            .trunkUnreachable, .registrationSucceeded, .registrationFailed,
            .registrationExpired, .registrationRemoved, .exportClosed,
            .exportDelivered, .exportFailed, .rateDeckLoaded,
            .invoiceLoaded:
            break
        }
    }

    private mutating func note(
        _ id: CallID, _ entry: LogEntry, _ change: (inout UnfinishedCall) -> Void = { _ in }
    ) {
        guard let index = calls.index(forKey: id) else { return }
        calls.values[index].facts.append(entry.position)
        change(&calls.values[index])
        guard calls.values[index].isFinished, !calls.values[index].isListed else { return }
        calls.values[index].isListed = true
        finished.append(FinishedCall(call: id, at: entry.wall))
    }

    private mutating func note(
        _ id: CallID, _ number: AttemptNumber, _ entry: LogEntry,
        _ change: (inout UnfinishedAttempt) -> Void
    ) {
        note(id, entry) { call in
            guard let index = call.attempts.firstIndex(where: { $0.number == number }) else {
                return
            }
            change(&call.attempts[index])
        }
    }

    /// Of the calls that ended first, those for which `isOver` holds.
    private mutating func forgetFinished(while isOver: (FinishedCall) -> Bool) {
        let count = finished.prefix(while: isOver).count
        guard count > 0 else { return }
        for ended in finished.prefix(count) { calls[ended.call] = nil }
        finished.removeFirst(count)
    }
}

/// A call that recovery still has to know.
private struct UnfinishedCall: StateCodable {
    var facts: [Position]
    var isEnded = false
    var attempts: [UnfinishedAttempt] = []
    /// Whether it stands among the finished calls.
    var isListed = false

    init(_ started: Position) { facts = [started] }

    var isFinished: Bool { isEnded && attempts.allSatisfy(\.isFinished) }

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
        encoder.write(finished)
        encoder.write(last)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        calls = try decoder.read()
        trunks = try decoder.read()
        finished = try decoder.read()
        last = try decoder.read()
    }
}
