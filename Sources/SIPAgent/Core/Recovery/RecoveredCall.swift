import TrunkEvents

/// A call as the log tells it.
struct RecoveredCall: Sendable {
    let started: CallStarted
    /// Of the call itself.
    var lastFact: WallInstant
    private(set) var answered: (fact: CallAnswered, at: WallInstant)?
    /// The attempt that our 2xx to the caller passed on.
    private(set) var winner: AttemptNumber?
    var ended: CallEnded?
    var attempts: [RecoveredAttempt] = []
    /// A transfer led to it: nobody sent us its INVITE.
    var isReferred = false
    /// The side that stayed is the caller of another call since.
    private(set) var transferred: CallTransferred?
    /// That other call: where its caller comes from, and since when.
    private(set) var joined: (fact: CallTransferred, at: WallInstant)?
    /// The last re-INVITE, unless it changed nothing.
    var modification: Modification?
    /// A restart went on with the call, and nobody has heard of both peers since: it is known to
    /// have been alive then.
    var unverifiedSince: WallInstant?
    private var caller = Leg()
    private var called = Leg()
    /// Whether it stands among the finished calls.
    var isListed = false

    /// What the log knows of a dialog beyond the INVITE that made it.
    struct Leg: Sendable {
        /// CSeqs of ours up to here may have been used.
        var sequence: UInt32?
        /// The peer's CSeq.
        var remoteSequence: UInt32?
        /// The last target refresh.
        var target: Octets?
        /// The session timer, where it is not that of the INVITE any more.
        var timer: SessionTimerChanged?
    }

    enum Modification: Sendable {
        case pending(ModificationSent)
        case answered(ModificationSent, CallModified, at: WallInstant)
    }

    init(started: CallStarted, at wall: WallInstant) {
        self.started = started
        lastFact = wall
    }

    subscript(_ leg: CallParty) -> Leg {
        get {
            switch leg {
            case .caller: caller
            case .called: called
            }
        }
        set {
            switch leg {
            case .caller: caller = newValue
            case .called: called = newValue
            }
        }
    }

    var isFinished: Bool { ended != nil && attempts.allSatisfy(\.isFinished) }

    /// When the call was last known to be alive. Facts are kept in the order in which things
    /// happened, so that a call without an end was alive when the last of all facts was recorded;
    /// not so one that a restart went on with and that nobody has heard of since: even a change of
    /// its session proves nothing then, since the request may be a copy that outlived the call.
    func aliveAt(endOfLog: WallInstant?) -> WallInstant {
        unverifiedSince ?? max(lastFact, endOfLog ?? lastFact)
    }

    /// The 2xx of an attempt that had been given up is no answer to the caller.
    mutating func answer(_ fact: CallAnswered, at wall: WallInstant) {
        answered = (fact, wall)
        winner = attempts.last { $0.answered != nil && $0.failed == nil }?.number
    }

    mutating func transfer(_ fact: CallTransferred) {
        transferred = fact
        let contact = SIPMessage(own: fact.response.bytes)?.contact
        if let contact { self[fact.leaving.other].target = Octets(Array(contact.uriText)) }
    }

    mutating func join(_ fact: CallTransferred, at wall: WallInstant) {
        joined = (fact, wall)
        winner = attempts.last { $0.answered != nil && $0.failed == nil }?.number
    }

    /// Not a sign of the peers' life.
    mutating func goOn(_ fact: CallContinued) {
        unverifiedSince = fact.aliveAt
        caller.sequence = fact.callerSequence
        called.sequence = fact.calledSequence
    }

    mutating func modify(_ fact: CallModified, at wall: WallInstant) {
        self[fact.initiator].remoteSequence = fact.sequence
        if !fact.callerTarget.isEmpty { caller.target = fact.callerTarget }
        if !fact.calledTarget.isEmpty { called.target = fact.calledTarget }
        // An UPDATE has no ACK, and leaves the re-INVITE before it as it was.
        guard case .pending(let sent) = modification, !fact.response.isEmpty else { return }
        modification = .answered(sent, fact, at: wall)
    }
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
