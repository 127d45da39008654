import TrunkEvents

/// The leg that the call came in on. We are the user agent server of its INVITE, which gets exactly
/// one final answer.
///
/// ```
///  invited --2xx--> answered(Leg)
///     \----3xx-6xx--> refused
/// ```
struct CallerLeg: Sendable {
    /// ``SIPMessage/forgotten`` once it is answered.
    private(set) var invite: SIPMessage
    /// Two INVITEs with the same key outside a dialog are one call that reached us twice.
    /// `nil` once its transaction is over.
    private(set) var key: CallerKey?
    let source: Endpoint
    let listener: Endpoint
    /// The tag of every answer of ours above 100.
    let localTag: [UInt8]
    var state: State

    enum State: Sendable {
        case invited(ServerTransactionID)
        case refused
        case answered(Leg)
    }

    /// Nothing more is to be said on this leg.
    var isDone: Bool {
        switch state {
        case .invited: false
        case .refused: true
        case .answered(let leg): leg.isClosed
        }
    }

    init(
        invite: SIPMessage, source: Endpoint, listener: Endpoint, localTag: [UInt8], state: State
    ) {
        self.invite = invite
        key = CallerKey(invite)
        self.source = source
        self.listener = listener
        self.localTag = localTag
        self.state = state
    }

    mutating func forgetInvite() { invite = .forgotten }

    mutating func forgetKey() { key = nil }
}

/// What a caller calls its call: Call-ID, From tag and CSeq number (RFC 3261 section 8.2.2.2). Its
/// CANCEL has the same.
struct CallerKey: Hashable, Sendable {
    /// One after the other, with a NUL, which is part of neither, between the first two.
    private let text: [UInt8]

    init(_ request: SIPMessage) {
        let callID = request.callID
        let tag = request.from.tag ?? []
        var text: [UInt8] = []
        text.reserveCapacity(callID.count + tag.count + 12)
        text.append(contentsOf: callID)
        text.append(0)
        text.append(contentsOf: tag)
        text.append(0)
        text.append(decimal: UInt64(request.cseq.number))
        self.text = text
    }
}
