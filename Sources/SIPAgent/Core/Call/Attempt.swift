import TrunkEvents

/// One INVITE of ours: to a trunk, or to the dialer of an inbound call. A challenge stays in the
/// attempt; another trunk is another attempt.
///
/// ```
///            18x                2xx
///  calling -------> ringing ----------> answered(Leg)
///     |  \             |  \--3xx-6xx--> over             (Timer B: over)
///     |   \---2xx------|------------->  answered
///     |                |
///     +---- CANCEL ----+--> abandoned --3xx-6xx, 64*T1--> over
///                               \------ 2xx (it crossed our CANCEL): answered, with a BYE
/// ```
struct Attempt: Sendable {
    let number: AttemptNumber
    let trunk: TrunkName
    let local: Endpoint
    let remote: Endpoint
    let localTag: [UInt8]
    /// As last sent.
    var invite: SIPMessage
    /// `nil` once nothing more can come of it, after a restart.
    var transaction: ClientTransactionID?
    var digest: DigestSession?
    var challengesAnswered = 0
    /// Provisional codes that are recorded.
    var progress: [StatusCode] = []
    var state: State

    enum State: Sendable {
        case calling(Calling)
        case ringing(Ringing)
        case abandoned(AttemptFailure)
        case answered(Leg)
        case over
    }

    /// No 18x yet.
    struct Calling: Sendable {
        /// When the next trunk may try.
        var progressDeadline: MonotonicInstant?
        var hasHeardTrying = false
    }

    struct Ringing: Sendable {
        var noAnswerDeadline: MonotonicInstant?
    }

    var isDone: Bool {
        switch state {
        case .calling, .ringing, .abandoned: false
        case .answered(let leg): leg.isClosed
        case .over: true
        }
    }

    /// It may still be answered, and nobody has given up on it.
    var isLive: Bool {
        switch state {
        case .calling, .ringing: true
        case .abandoned, .answered, .over: false
        }
    }

    var deadline: MonotonicInstant? {
        switch state {
        case .calling(let calling): calling.progressDeadline
        case .ringing(let ringing): ringing.noAnswerDeadline
        case .answered(let leg): leg.sentAnswer?.deadline
        case .abandoned, .over: nil
        }
    }

    var hasRung: Bool { !progress.isEmpty }
}
