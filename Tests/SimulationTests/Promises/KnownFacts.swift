import TrunkEvents

/// One channel of one attempt.
struct Slot: Hashable, CustomStringConvertible {
    let call: CallID
    let attempt: AttemptNumber

    var description: String { "\(call)/\(attempt.rawValue)" }
}

/// What is known from a sequence of facts, and whether they may follow each other (promise 2).
struct KnownFacts {
    /// Channels in use, and every slot that ever was.
    private(set) var held: [Slot: TrunkName] = [:]
    private var seized: Set<Slot> = []
    private(set) var inUse: [TrunkName: UInt32] = [:]
    private(set) var started: Set<CallID> = []
    private(set) var answered: Set<CallID> = []
    private(set) var ended: [CallID: MonotonicInstant] = [:]
    /// Calls by their caller's SIP Call-ID.
    private(set) var callers: [Octets: CallID] = [:]
    private(set) var callerLegs: [CallID: Octets] = [:]
    /// Called legs by their SIP Call-ID, and back.
    private(set) var calledLegs: [Octets: Slot] = [:]
    private(set) var calledLegOf: [Slot: Octets] = [:]
    /// The To tag of the 2xx on a called leg.
    private(set) var calledTags: [Octets: Octets] = [:]
    private var failed: Set<Slot> = []
    /// Called legs whose 2xx came when their attempt had been given up, and when.
    private(set) var answeredTooLate: [Octets: MonotonicInstant] = [:]
    /// Called legs that never had a final answer when their attempt was given up.
    private(set) var givenUpInSilence: Set<Octets> = []
    /// Legs that a carrier counts, by SIP Call-ID, and back.
    private(set) var trunkLegs: [Octets: Slot] = [:]
    private(set) var trunkLegOf: [Slot: Octets] = [:]
    private var inbound: Set<CallID> = []
    /// Calls that a transfer led to, or that one asked for.
    private(set) var referred: Set<CallID> = []
    /// The transfer that gave a call its caller.
    private(set) var joined: [CallID: CallTransferred] = [:]
    /// And the other way round.
    private(set) var transferredTo: [CallID: CallID] = [:]
    /// Legs whose party has asked for a transfer: it may leave, and the call goes on.
    private(set) var leavers: Set<Octets> = []

    /// Takes the next fact, which became known at `now`; answers what is wrong with it.
    mutating func apply(_ event: Event, at now: MonotonicInstant) -> String? {
        switch event {
        case .callStarted(let fact): start(fact)
        case .callAnswered(let fact): answer(fact)
        case .callEnded(let fact): end(fact, now)
        case .channelSeized(let fact): seize(fact)
        case .channelReleased(let fact): release(fact)
        case .attemptSent(let fact): send(fact)
        case .attemptAnswered(let fact): answer(fact, now)
        case .attemptFailed(let fact): fail(fact)
        case .transferBegun(let fact): refer(fact)
        case .callTransferred(let fact): join(fact)
        default: nil
        }
    }

    private mutating func start(_ fact: CallStarted) -> String? {
        callers[fact.sipCallID] = fact.call
        callerLegs[fact.call] = fact.sipCallID
        if fact.direction == .inbound { inbound.insert(fact.call) }
        return started.insert(fact.call).inserted ? nil : "\(fact.call) starts twice"
    }

    /// In the log it has the Call-ID of the dialer's call that it is asked for in.
    private mutating func refer(_ fact: TransferBegun) -> String? {
        referred.insert(fact.call)
        let calledLeg = calledLegOf[Slot(call: fact.from, attempt: .first)]
        if let leg = fact.leaving == .caller ? callerLegs[fact.from] : calledLeg {
            leavers.insert(leg)
        }
        if !answered.contains(fact.call), let leg = callerLegs.removeValue(forKey: fact.call) {
            callers[leg] = callerLegs[fact.from] == leg ? fact.from : nil
        }
        return ended[fact.from] == nil ? nil : "\(fact.from) is transferred after its end"
    }

    private mutating func join(_ fact: CallTransferred) -> String? {
        guard ended[fact.call] == nil, ended[fact.to] == nil, joined[fact.to] == nil else {
            return "\(fact.call) is transferred to \(fact.to) after an end"
        }
        answered.insert(fact.to)
        joined[fact.to] = fact
        transferredTo[fact.call] = fact.to
        if let leg = callerLegs[fact.to] { leavers.insert(leg) }
        return nil
    }

    private mutating func answer(_ fact: CallAnswered) -> String? {
        guard ended[fact.call] == nil else { return "\(fact.call) is answered after its end" }
        return answered.insert(fact.call).inserted ? nil : "\(fact.call) is answered twice"
    }

    private mutating func end(_ fact: CallEnded, _ now: MonotonicInstant) -> String? {
        guard started.contains(fact.call) else { return "\(fact.call) ends and never started" }
        guard ended[fact.call] == nil else { return "\(fact.call) ends twice" }
        ended[fact.call] = now
        return nil
    }

    private mutating func seize(_ fact: ChannelSeized) -> String? {
        let slot = Slot(call: fact.call, attempt: fact.attempt)
        guard seized.insert(slot).inserted else { return "\(slot) is seized twice" }
        guard ended[fact.call] == nil else { return "\(slot) is seized after the call's end" }
        held[slot] = fact.trunk
        inUse[fact.trunk, default: 0] += 1
        if inbound.contains(fact.call), let leg = callerLegs[fact.call] { link(leg, slot) }
        let count = inUse[fact.trunk] ?? 0
        guard count <= fact.cap else { return "\(count) channels of \(fact.trunk) are in use" }
        return count == fact.inUse ? nil : "\(slot): in use \(count), said \(fact.inUse)"
    }

    private mutating func link(_ leg: Octets, _ slot: Slot) {
        trunkLegs[leg] = slot
        trunkLegOf[slot] = leg
    }

    private mutating func release(_ fact: ChannelReleased) -> String? {
        let slot = Slot(call: fact.call, attempt: fact.attempt)
        guard held.removeValue(forKey: slot) == fact.trunk else {
            return "\(slot) is released and not held"
        }
        inUse[fact.trunk, default: 0] -= 1
        let count = inUse[fact.trunk] ?? 0
        return count == fact.inUse ? nil : "\(slot): in use \(count), said \(fact.inUse)"
    }

    private mutating func send(_ fact: AttemptSent) -> String? {
        let slot = Slot(call: fact.call, attempt: fact.attempt)
        calledLegs[fact.sipCallID] = slot
        calledLegOf[slot] = fact.sipCallID
        if fact.calledLeg == .trunk { link(fact.sipCallID, slot) }
        return held[slot] == nil ? "\(slot) is sent without a channel" : nil
    }

    private mutating func answer(_ fact: AttemptAnswered, _ now: MonotonicInstant) -> String? {
        let slot = Slot(call: fact.call, attempt: fact.attempt)
        guard let leg = calledLegOf[slot] else { return "\(slot) is answered and was never sent" }
        calledTags[leg] = fact.toTag
        if failed.contains(slot) { answeredTooLate[leg] = now }
        return nil
    }

    private mutating func fail(_ fact: AttemptFailed) -> String? {
        let slot = Slot(call: fact.call, attempt: fact.attempt)
        failed.insert(slot)
        if fact.code == nil, let leg = calledLegOf[slot] { givenUpInSilence.insert(leg) }
        return nil
    }
}
