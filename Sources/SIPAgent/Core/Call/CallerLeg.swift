import TrunkEvents

/// The leg that the call came in on. We are the user agent server of its INVITE, which gets exactly
/// one final answer.
///
/// ```
///  invited --2xx--> answered(Leg)
///     \----3xx-6xx--> refused
///
///  referred --the side that stays has the callee's session--> answered(its Leg)
///     \-------no answer----------------------------------> refused
/// ```
struct CallerLeg: Sendable {
    /// ``SIPMessage/forgotten`` once it is answered.
    private(set) var invite: SIPMessage
    /// Two INVITEs with the same key outside a dialog are one call that reached us twice.
    /// `nil` once its transaction is over.
    private(set) var key: CallerKey?
    let source: Endpoint
    let listener: Endpoint
    /// How it takes provisional answers.
    let reliability: Reliability
    /// The tag of our answers above 100, but for those of other callees than the first (`shown`).
    var localTag: [UInt8]
    var state: State
    /// Where the leg comes from, if it was transferred.
    @OutOfLine var origin: LegOrigin?
    /// The callees that it has heard of, until one of them has answered.
    var shown: [ShownDialog] = []

    enum State: Sendable {
        case invited(ServerTransactionID)
        /// Nobody is there yet: a transfer that is carried out here led to the call.
        case referred(Referral)
        case refused
        case answered(Leg)
    }

    /// Of provisional answers (RFC 3262 section 3).
    enum Reliability: Sendable {
        case none
        /// They may be sent reliably, and are to be.
        case wanted
        /// They may be sent in no other way.
        case required
    }

    var takesReliably: Bool { reliability != .none }
    var requiresReliable: Bool { reliability == .required }

    /// When a provisional answer is to be repeated.
    var progressDeadline: MonotonicInstant? {
        guard case .invited = state else { return nil }
        return shown.lazy.compactMap { $0.progress?.outstanding?.deadline }.min()
    }

    /// Nothing more is to be said on this leg.
    var isDone: Bool {
        switch state {
        case .invited, .referred: false
        case .refused: true
        case .answered(let leg): leg.isClosed
        }
    }

    init(
        invite: SIPMessage, source: Endpoint, listener: Endpoint, localTag: [UInt8], state: State,
        reliability: Reliability = .none
    ) {
        self.invite = invite
        key = CallerKey(invite)
        self.source = source
        self.listener = listener
        self.localTag = localTag
        self.state = state
        self.reliability = reliability
    }

    mutating func forgetInvite() { invite = .forgotten }

    mutating func forgetKey() { key = nil }
}

extension CallerLeg.Reliability {
    init(_ invite: SIPMessage, _ settings: ProvisionalReliability) {
        if invite.lists("100rel", in: .require) {
            self = .required
        } else if settings == .whereSupported, invite.lists("100rel", in: .supported) {
            self = .wanted
        } else {
            self = .none
        }
    }
}

/// What a caller calls its call: Call-ID, From tag and CSeq number (RFC 3261 section 8.2.2.2). Its
/// CANCEL has the same.
struct CallerKey: Hashable, Sendable {
    private let fingerprint: Fingerprint

    init(_ request: SIPMessage) {
        fingerprint = Fingerprint { hasher in
            hasher.combine(bytes: request.callID)
            hasher.combine(bytes: request.from.tag ?? [])
            hasher.combine(request.cseq.number)
        }
    }
}
