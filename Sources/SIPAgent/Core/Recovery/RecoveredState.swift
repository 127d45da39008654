public import TrunkEvents

/// What a log leaves to its next process: a fold over its events, in their order.
///
/// It holds calls that have not ended, calls whose channel is not free, and, for a moment, calls
/// that have just ended, because their last messages may not have left.
public struct RecoveredState: Sendable {
    /// The settings that the log knows.
    private(set) var trunks: [TrunkName: TrunkConfigured] = [:]
    private(set) var calls: [CallID: RecoveredCall] = [:]
    /// The wall time of the last event of all.
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
        lastFact = moment.wall
        forgetFinished(before: moment.wall.advanced(by: Nanoseconds(-Self.recentEnd.count)))
        switch event {
        case .trunkConfigured(let fact): trunks[fact.trunk] = fact
        case .trunkRemoved(let fact): trunks[fact.trunk] = nil
        case .agentStopped: forgetFinished(before: nil)
        case .callStarted(let fact):
            calls[fact.call] = RecoveredCall(started: fact, at: moment.wall)
        case .callAnswered(let fact):
            change(fact.call, at: moment.wall) { $0.answered = (fact, moment.wall) }
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
        case .callModified(let fact): change(fact.call, at: moment.wall) { _ in }
        case .routeChosen, .callRecovered, .channelRefused, .agentStarted, .heartbeat,
            .clockStepped, .strangersDropped, .trunkNearCap, .trunkBelowCap, .trunkReachable,
            .trunkUnreachable, .registrationSucceeded, .registrationFailed, .registrationExpired,
            .registrationRemoved, .exportClosed, .rateDeckLoaded:
            break
        }
    }

    private mutating func change(
        _ id: CallID, at wall: WallInstant, _ body: (inout RecoveredCall) -> Void
    ) {
        guard let index = calls.index(forKey: id) else { return }
        calls.values[index].lastFact = wall
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

/// A call as the log tells it.
struct RecoveredCall: Sendable {
    let started: CallStarted
    var lastFact: WallInstant
    var answered: (fact: CallAnswered, at: WallInstant)?
    var ended: CallEnded?
    var attempts: [RecoveredAttempt] = []
    /// Whether it stands among the finished calls.
    var isListed = false

    init(started: CallStarted, at wall: WallInstant) {
        self.started = started
        lastFact = wall
    }

    var isFinished: Bool { ended != nil && attempts.allSatisfy(\.isFinished) }
}

/// An attempt as the log tells it.
struct RecoveredAttempt: Sendable {
    let number: AttemptNumber
    let trunk: TrunkName
    let direction: CallDirection
    /// As last sent: a challenge is answered with another INVITE.
    var sent: AttemptSent?
    var answered: (fact: AttemptAnswered, at: WallInstant)?
    var failed: AttemptFailed?
    var isReleased = false

    /// Of an inbound call the channel may be free while the dialer has not answered our CANCEL.
    var isFinished: Bool {
        isReleased && (sent == nil || answered != nil || failed != nil)
    }

    init(_ seized: ChannelSeized) {
        number = seized.attempt
        trunk = seized.trunk
        direction = seized.direction
    }
}
