import TrunkEvents

/// One call through the agent: a caller's leg, and an attempt for each INVITE that it led to. The
/// two legs are dialogs of their own (a back-to-back user agent); what crosses is content.
///
/// ```
///                         +-- failover --+
///                         v              |
///  (INVITE) --> waitingForTurn <--> offering --2xx--> answered --BYE, no ACK--> ended
///                   |    CPS            |                                        ^
///                   +---- CANCEL, no trunk left, final answer -------------------+
/// ```
/// Ended means over for its parties. The call stays until each leg has really ended: the carrier
/// counts the channel until then, so it is released leg by leg, not here.
struct Call: Sendable {
    let id: CallID
    let direction: CallDirection
    /// The trunk that an inbound call came in on.
    let callerTrunk: TrunkName?
    var caller: CallerLeg
    /// In the order of their numbers; at most one is live.
    var attempts: [Attempt] = []
    var state: State
    /// A re-INVITE on its way from one leg to the other.
    @OutOfLine var modification: Modification?
    /// Other requests on their way.
    var relays: [RelayedRequest] = []
    /// Requests of our own on their way.
    var legRequests: [LegRequest] = []
    /// What REFERs led to, where they are carried out here.
    @OutOfLine var transfers: Transfers?
    /// What a restart left open about the call; `nil` in a call that this process knows whole.
    @OutOfLine var continuation: Continuation?
    /// Until then a peer may repeat what it said to the last process.
    var lingersUntil: MonotonicInstant?

    enum State: Sendable {
        indirect case waitingForTurn(WaitingForTurn)
        indirect case offering(TrunkSearch)
        case answered(Answered)
        case ended
    }

    /// A trunk's rate limit holds the call back.
    struct WaitingForTurn: Sendable {
        var search: TrunkSearch
        var trunk: TrunkName
        var turn: MonotonicInstant
    }

    /// Both legs are up.
    struct Answered: Sendable {
        /// Index of the attempt that won.
        var attempt: Int
        /// It may last no longer.
        var endsAt: MonotonicInstant?
    }

    /// One of the call's legs.
    enum LegID: Hashable, Sendable {
        case caller
        /// Index of the attempt.
        case called(Int)
    }

    /// A confirmed leg; `nil` before its 2xx.
    subscript(_ id: LegID) -> Leg? {
        // Inlined: most ask for one property of the leg, and a leg has many references to copy.
        @inline(__always)
        get {
            switch id {
            case .caller:
                if case .answered(let leg) = caller.state { return leg }
            case .called(let index):
                if case .answered(let leg) = attempts[index].state { return leg }
            }
            return nil
        }
        set {
            guard let newValue else { return }
            switch id {
            case .caller: caller.state = .answered(newValue)
            case .called(let index): attempts[index].state = .answered(newValue)
            }
        }
    }

    /// The leg that a request inside a dialog was sent to.
    func leg(tagged tag: Bytes) -> LegID? {
        if caller.localTag.elementsEqual(tag) { return .caller }
        if caller.shown.contains(where: { $0.localTag.elementsEqual(tag) }) { return .caller }
        return attempts.firstIndex { $0.localTag.elementsEqual(tag) }.map { .called($0) }
    }

    /// Where what comes in on a leg goes; `nil` unless both legs are up.
    func peer(of leg: LegID) -> LegID? {
        guard case .answered(let answered) = state else { return nil }
        switch leg {
        case .caller: return .called(answered.attempt)
        case .called(let index): return index == answered.attempt ? .caller : nil
        }
    }

    var isEnded: Bool {
        switch state {
        case .ended: true
        case .waitingForTurn, .offering, .answered: false
        }
    }

    /// Nothing is left to be said or heard: the call can be forgotten.
    var isDone: Bool {
        isEnded && lingersUntil == nil && caller.isDone && attempts.allSatisfy(\.isDone)
    }

    /// Whose side a leg is on.
    func side(of leg: LegID) -> EndedBy {
        switch (leg, direction) {
        case (.caller, .outbound), (.called, .inbound): .local
        case (.caller, .inbound), (.called, .outbound): .remote
        }
    }

    func party(_ leg: LegID) -> CallParty {
        switch leg {
        case .caller: .caller
        case .called: .called
        }
    }

    /// The channel that a leg holds; `nil` for a dialer's leg.
    func channel(of leg: LegID) -> HeldChannel? {
        switch (leg, direction) {
        case (.called(let index), .outbound):
            HeldChannel(call: id, trunk: attempts[index].trunk, attempt: attempts[index].number)
        case (.caller, .inbound):
            callerTrunk.map { HeldChannel(call: id, trunk: $0, attempt: .first) }
        case (.caller, .outbound): caller.origin?.channel
        case (.called, .inbound): nil
        }
    }

    /// When `advance` has something to do.
    var deadline: MonotonicInstant? {
        var earliest = attempts.lazy.compactMap(\.deadline).min()
        if case .waitingForTurn(let waiting) = state {
            earliest = earliest.map { min($0, waiting.turn) } ?? waiting.turn
        }
        if case .answered(let leg) = caller.state, let due = leg.deadline {
            earliest = earliest.map { min($0, due) } ?? due
        }
        if case .answered(let call) = state, let due = call.endsAt {
            earliest = earliest.map { min($0, due) } ?? due
        }
        if let due = caller.progressDeadline {
            earliest = earliest.map { min($0, due) } ?? due
        }
        if let due = lingersUntil ?? continuation?.probeAt {
            earliest = earliest.map { min($0, due) } ?? due
        }
        if let due = transfer?.retryAt {
            earliest = earliest.map { min($0, due) } ?? due
        }
        return earliest
    }
}

/// A channel of a trunk, as the log names who holds it.
struct HeldChannel: Sendable {
    let call: CallID
    let trunk: TrunkName
    let attempt: AttemptNumber
}

/// The trunks that are still to be asked, and what those asked have said.
struct TrunkSearch: Sendable {
    var candidates: ArraySlice<TrunkName>
    var result = SearchResult()
    /// Those that seem unable to carry an emergency call: asked once all others have refused it.
    private var doubtful: [TrunkName] = []
    /// Now they are asked.
    private var isLastResort = false
    let number: NormalizedNumber
    /// How the caller writes its code for the call.
    let reference: DialerReference
    /// Where the caller's number stands.
    let callerSources: [CallerSource]
    /// Until then somebody must have answered.
    let giveUpAt: MonotonicInstant?

    init(
        candidates: ArraySlice<TrunkName> = [], number: NormalizedNumber,
        reference: DialerReference = .none, callerSources: [CallerSource] = [.from],
        giveUpAt: MonotonicInstant?
    ) {
        self.giveUpAt = giveUpAt
        self.candidates = candidates
        self.number = number
        self.reference = reference
        self.callerSources = callerSources
    }

    var urgency: CallUrgency {
        guard number.kind == .emergency else { return .ordinary }
        return isLastResort ? .lastResort : .emergency
    }

    mutating func note(_ reason: RefusalReason, of trunk: TrunkName) {
        result.note(reason)
        guard urgency == .emergency else { return }
        if reason == .unregistered || reason == .unreachable { doubtful.append(trunk) }
    }

    /// `false`: nobody is left to be asked.
    mutating func beginLastResort() -> Bool {
        guard !doubtful.isEmpty else { return false }
        candidates = doubtful[...]
        doubtful = []
        isLastResort = true
        return true
    }
}
