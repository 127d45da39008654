import TrunkEvents

/// One INVITE of ours: to a trunk, or to the dialer of an inbound call. A challenge stays in the
/// attempt, and so does another host of the same trunk; another trunk is another attempt.
///
/// ```
///            18x                2xx
///  calling -------> ringing ----------> answered(Leg)
///     |  \             |  \--3xx-6xx--> over             (Timer B: over)
///     |   \---2xx------|------------->  answered
///     |                |      (a 2xx is held until the caller's PRACK)
///     +---- CANCEL ----+--> abandoned --3xx-6xx, 64*T1--> over
///                 ^             \------ 2xx (it crossed our CANCEL): answered, with a BYE
///  (restart) --> listening: T2 without a 2xx
/// ```
struct Attempt: Sendable {
    let number: AttemptNumber
    let trunk: TrunkName
    var local: Endpoint
    var remote: Endpoint
    let localTag: [UInt8]
    /// As last sent; ``SIPMessage/forgotten`` once no copy of its 2xx can come any more.
    var invite: SIPMessage
    /// `nil` once nothing more can come of it, after a restart.
    var transaction: ClientTransactionID?
    @OutOfLine var digest: DigestSessions?
    var challengesAnswered = ChallengeTally()
    var redirections: UInt8 = 0
    /// By 422.
    var intervalsRaised: UInt8 = 0
    /// Provisional codes that are recorded.
    var progress: [StatusCode] = []
    var state: State
    /// Of callees that answered provisionally and reliably, until one has answered finally.
    var early: [EarlyDialog] = []

    enum State: Sendable {
        case calling(Calling)
        case ringing(Ringing)
        /// Answered with this 2xx, which the caller gets after its PRACK.
        case held(SIPMessage)
        case abandoned(AttemptFailure)
        case listening(Listening)
        case answered(Leg)
        case over
    }

    /// No 18x yet.
    struct Calling: Sendable {
        /// When the next trunk may try.
        var progressDeadline: MonotonicInstant?
        var hasHeardTrying = false
        /// Where else DNS says that the trunk is, in the order in which it is asked.
        var otherHops: [Endpoint] = []
        /// When the next of them is asked, unless something was heard by then.
        var hopDeadline: MonotonicInstant?
        /// Where else a 3xx leads, should this address fail.
        var otherTargets: [RedirectionTarget] = []
    }

    struct Ringing: Sendable {
        var noAnswerDeadline: MonotonicInstant?
        var otherTargets: [RedirectionTarget] = []
    }

    /// After a restart: a 2xx may have come while nobody was there. Its copies follow each other by
    /// T2 at most (RFC 3261 section 13.3.1.4), so a call that was answered is known before it is
    /// cancelled, whatever its far end makes of a CANCEL that comes too late.
    struct Listening: Sendable {
        var cancelAt: MonotonicInstant
        var reason: AttemptFailure
    }

    var isDone: Bool {
        switch state {
        case .calling, .ringing, .held, .abandoned, .listening: false
        case .answered(let leg): leg.isClosed
        case .over: true
        }
    }

    /// It may still be answered to the caller, and nobody has given up on it.
    var isLive: Bool {
        switch state {
        case .calling, .ringing, .held: true
        case .abandoned, .listening, .answered, .over: false
        }
    }

    /// The Call-ID of its dialogs.
    var callID: Bytes {
        if case .answered(let leg) = state { return leg.dialog.callID }
        return invite.callID
    }

    /// What nobody asks of an answered attempt any more.
    mutating func forgetInvite() {
        invite = .forgotten
        progress = []
    }

    var deadline: MonotonicInstant? {
        switch state {
        case .calling(let calling): calling.progressDeadline.earlier(calling.hopDeadline)
        case .ringing(let ringing): ringing.noAnswerDeadline
        case .listening(let listening): listening.cancelAt
        case .answered(let leg): leg.deadline
        case .held, .abandoned, .over: nil
        }
    }

    /// Its failure was recorded when we lost patience.
    var wasGivenUp: Bool {
        switch state {
        case .abandoned(let reason): reason == .timeout
        case .listening(let listening): listening.reason == .timeout
        case .calling, .ringing, .held, .answered, .over: false
        }
    }
}
