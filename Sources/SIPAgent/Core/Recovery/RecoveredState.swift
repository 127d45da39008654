public import TrunkEvents

/// What a log leaves to its next process: a fold over its events, in their order.
///
/// It holds calls that have not ended, calls whose channel is not free, and, for a moment, calls
/// that have just ended, because their last messages may not have left.
public struct RecoveredState: Sendable {
    /// The settings that the log knows.
    private(set) var trunks: [TrunkName: TrunkConfigured] = [:]
    /// Those that neither expired nor were taken back.
    private(set) var bindings: [TrunkName: RecoveredBinding] = [:]
    /// Pauses that trunks, or hosts of theirs, asked for: the newest of each.
    private(set) var rests: [RecoveredRest] = []
    private(set) var calls: [CallID: RecoveredCall] = [:]
    /// When the last process was last known to be alive: the wall time of its last event.
    private(set) var lastFact: WallInstant?
    /// Calls that are over in the log, in the order in which they ended.
    private var finished: [(call: CallID, at: WallInstant)] = []

    /// A final answer or a BYE that was lost, or that a crash held back, is sent again by the next
    /// process if the call ended this shortly before the log does. The first copies of a message
    /// leave within it.
    static let recentEnd = Nanoseconds.seconds(4)

    public init() {}

    /// Calls that are still to be ended, or whose channels are still held.
    public var openCallCount: Int { calls.count - finished.count }

    public mutating func apply(_ event: Event, at moment: Moment) {
        note(moment.wall)
        switch event {
        case .trunkConfigured(let fact): trunks[fact.trunk] = fact
        case .trunkRemoved(let fact):
            (trunks[fact.trunk], bindings[fact.trunk]) = (nil, nil)
            rests.removeAll { $0.trunk == fact.trunk }
        case .trunkResting(let fact): rest(fact, at: moment.wall)
        case .registrationSucceeded(let fact):
            bindings[fact.trunk] = RecoveredBinding(
                registrar: fact.registrar,
                expiresAt: moment.wall.advanced(by: .seconds(Int64(fact.expiresSeconds))))
        case .registrationExpired(let fact): bindings[fact.trunk] = nil
        case .registrationRemoved(let fact): bindings[fact.trunk] = nil
        case .agentStopped: forgetFinished(before: nil)
        case .callStarted(let fact):
            calls[fact.call] = RecoveredCall(started: fact, at: moment.wall)
        case .callAnswered(let fact):
            change(fact.call, at: moment.wall) { $0.answer(fact, at: moment.wall) }
        case .callEnded(let fact):
            change(fact.call, at: moment.wall) { $0.ended = fact }
            finish(fact.call, at: moment.wall)
        case .channelSeized(let fact):
            change(fact.call, at: moment.wall) { $0.attempts.append(RecoveredAttempt(fact)) }
        case .channelReleased(let fact):
            attempt(fact.call, fact.attempt, at: moment.wall) { $0.isReleased = true }
            finish(fact.call, at: moment.wall)
        case .attemptSent(let fact):
            attempt(fact.call, fact.attempt, at: moment.wall) { $0.sent = fact }
        case .attemptAnswered(let fact):
            attempt(fact.call, fact.attempt, at: moment.wall) {
                $0.answered = (fact, moment.wall)
            }
            finish(fact.call, at: moment.wall)
        case .attemptFailed(let fact):
            attempt(fact.call, fact.attempt, at: moment.wall) { $0.failed = fact }
            finish(fact.call, at: moment.wall)
        case .attemptProgressed(let fact): change(fact.call, at: moment.wall) { _ in }
        case .callContinued(let fact):
            if let index = calls.index(forKey: fact.call) { calls.values[index].goOn(fact) }
        case .callInterim(let fact):
            change(fact.call, at: moment.wall) { $0.unverifiedSince = nil }
        case .sequencesReserved(let fact):
            change(fact.call, at: moment.wall) { $0[fact.leg].sequence = fact.sequence }
        case .sessionTimerChanged(let fact):
            change(fact.call, at: moment.wall) { $0[fact.leg].timer = fact }
        case .modificationSent(let fact):
            change(fact.call, at: moment.wall) { $0.modification = .pending(fact) }
        case .modificationFailed(let fact):
            change(fact.call, at: moment.wall) { $0.modification = nil }
        case .callModified(let fact):
            change(fact.call, at: moment.wall) { $0.modify(fact, at: moment.wall) }
        case .transferBegun(let fact):
            change(fact.call, at: moment.wall) { $0.isReferred = true }
        case .callTransferred(let fact):
            change(fact.call, at: moment.wall) { $0.transfer(fact) }
            change(fact.to, at: moment.wall) { $0.join(fact, at: moment.wall) }
        case .routeChosen, .callRecovered, .channelRefused, .agentStarted, .heartbeat,
            .clockStepped, .strangersDropped, .trunkNearCap, .trunkBelowCap, .trunkReachable,
            .requestsDropped, .sourceBanned, .trunkUnreachable, .trunkLocated,
            .registrationFailed, .exportClosed, .exportDelivered,
            .exportFailed, .rateDeckLoaded, .invoiceLoaded:
            break
        }
    }

    /// The last process was alive then.
    public mutating func note(_ wall: WallInstant) {
        lastFact = wall
        forgetFinished(before: wall.advanced(by: Nanoseconds(-Self.recentEnd.count)))
    }

    private mutating func rest(_ fact: TrunkResting, at wall: WallInstant) {
        rests.removeAll { $0.until <= wall || $0.trunk == fact.trunk && $0.host == fact.host }
        rests.append(
            RecoveredRest(
                trunk: fact.trunk, host: fact.host,
                until: wall.advanced(by: .seconds(Int64(fact.seconds)))))
    }

    private mutating func change(
        _ id: CallID, at wall: WallInstant, _ body: (inout RecoveredCall) -> Void
    ) {
        guard let index = calls.index(forKey: id) else { return }
        // What comes soon after a restart may be a copy of what a peer sent before it hung up in
        // the outage: until both were heard of, nothing shows that the call still is.
        if calls.values[index].unverifiedSince == nil { calls.values[index].lastFact = wall }
        body(&calls.values[index])
    }

    private mutating func attempt(
        _ id: CallID, _ number: AttemptNumber, at wall: WallInstant,
        _ body: (inout RecoveredAttempt) -> Void
    ) {
        change(id, at: wall) { call in
            guard let index = call.attempts.firstIndex(where: { $0.number == number }) else {
                return
            }
            body(&call.attempts[index])
        }
    }

    private mutating func finish(_ id: CallID, at wall: WallInstant) {
        guard let call = calls[id], call.isFinished, !call.isListed else { return }
        calls[id]?.isListed = true
        finished.append((id, wall))
    }

    /// `nil`: all of them.
    private mutating func forgetFinished(before wall: WallInstant?) {
        guard !finished.isEmpty else { return }
        let count =
            wall.map { wall in finished.prefix { $0.at < wall }.count } ?? finished.count
        guard count > 0 else { return }
        for (call, _) in finished.prefix(count) { calls[call] = nil }
        finished.removeFirst(count)
    }
}

/// A pause that a trunk asked for, or one of its hosts, from the log.
struct RecoveredRest: Hashable, Sendable {
    let trunk: TrunkName
    /// `nil`: the whole trunk.
    let host: Endpoint?
    let until: WallInstant
}

/// A registrar's grant, from the log.
struct RecoveredBinding: Hashable, Sendable {
    let registrar: Endpoint
    let expiresAt: WallInstant
}
