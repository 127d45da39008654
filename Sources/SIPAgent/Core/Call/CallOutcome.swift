import TrunkEvents

/// How a call that was never answered ends for its caller.
struct CallOutcome: Sendable {
    var status: StatusCode
    var cause: Q850Cause
    /// The carrier's answer, whose phrase, headers and body go to the caller.
    var response: SIPMessage?
    var endedBy: EndedBy
    var source: EndSource

    /// An answer of our own making.
    init(
        _ status: UInt16, _ cause: Q850Cause, by endedBy: EndedBy = .agent,
        source: EndSource = .finalResponse
    ) {
        self.status = .code(status)
        self.cause = cause
        self.endedBy = endedBy
        self.source = source
    }

    /// A peer's final answer other than 2xx. `isFull`: it says, in whatever code, that the carrier
    /// has no channel left, which for the caller is 503.
    init(answer response: SIPMessage, isFull: Bool = false, by endedBy: EndedBy) {
        let received = StatusCode(response)
        status = received
        cause = Q850Cause(reasonOf: response) ?? Q850Cause(received)
        self.endedBy = endedBy
        source = .finalResponse
        self.response = response
        if let replacement = Self.replacement(of: received) {
            status = replacement
            // A challenge or a new address is for us, not for the caller, and so are its headers.
            self.response = nil
        }
        if isFull, received.rawValue != 503 {
            status = .code(503)
            cause = Q850Cause(reasonOf: response) ?? .noCircuitAvailable
            self.response = nil
        }
    }

    /// 401 and 407 would make the caller look for credentials, 3xx for another address: both are
    /// the trunk's to follow, and here they could not be.
    private static func replacement(of status: StatusCode) -> StatusCode? {
        switch status.rawValue {
        case 300..<400: .code(502)
        case 401, 407: .code(403)
        default: nil
        }
    }

    static let noRoute = CallOutcome(404, .unallocatedNumber)
    static let noChannel = CallOutcome(503, .noCircuitAvailable)
    static let trunksDown = CallOutcome(503, .networkOutOfOrder)
    /// The caller hung up before an answer.
    static func cancelled(by endedBy: EndedBy) -> CallOutcome {
        CallOutcome(487, .normalClearing, by: endedBy, source: .cancel)
    }
    /// It rang for as long as the trunk's setting allows.
    static let noAnswer = CallOutcome(480, .noAnswer, source: .timeout)
    /// It rang for as long as the caller wanted to wait (RFC 3261 section 13.3.1).
    static let expired = CallOutcome(487, .noAnswer, source: .timeout)
    /// What the caller's INVITE would become is more than a message may be.
    static let tooLarge = CallOutcome(513, .interworking)
    /// No trunk said anything in time.
    static let noProgress = CallOutcome(408, .recoveryOnTimerExpiry, source: .timeout)
}

/// Whether a trunk's answer lets the next trunk try, and which answer is the best of several.
enum FinalAnswer {
    /// Answers of the callee end the search whatever is configured: a person who is busy or
    /// declines must not be rung again by the next trunk.
    static func lets(_ status: StatusCode, failOver codes: Set<StatusCode>) -> Bool {
        switch status.rawValue {
        case 486, 600...699: false
        // Nothing that the caller could use: another trunk may serve.
        case 300..<400, 401, 407: true
        default: codes.contains(status)
        }
    }

    /// Whether the answer says that the carrier has no channel left, by its trunk's own table.
    static func isFull(_ response: SIPMessage, _ patterns: [AnswerPattern]?) -> Bool {
        (patterns ?? AnswerPattern.usualFullAnswers).contains { $0.matches(response) }
    }

    /// RFC 3261 section 16.7 step 6: a 6xx, else the lowest class; within it the earlier.
    static func isBetter(_ status: StatusCode, than other: StatusCode) -> Bool {
        rank(status) < rank(other)
    }

    private static func rank(_ status: StatusCode) -> UInt16 {
        status.rawValue >= 600 ? 0 : status.rawValue / 100
    }
}

/// What the trunks that were asked have said so far.
struct SearchResult: Sendable {
    private var best: CallOutcome?
    private var isCapHit = false

    mutating func note(_ refusal: RefusalReason) {
        switch refusal {
        case .cap, .capIn, .capOut, .cps, .reserved: isCapHit = true
        case .unreachable, .unregistered, .maintenance, .resting, .notLocated: break
        }
    }

    mutating func note(_ outcome: CallOutcome) {
        if let best, !FinalAnswer.isBetter(outcome.status, than: best.status) { return }
        best = outcome
    }

    /// The answer once no trunk is left: a cap that was hit outweighs what other trunks said, since
    /// a channel more would have carried the call.
    var outcome: CallOutcome {
        if isCapHit { return .noChannel }
        return best ?? .trunksDown
    }
}
