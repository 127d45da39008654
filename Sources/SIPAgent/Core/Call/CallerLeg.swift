import TrunkEvents

/// The leg that the call came in on. We are the user agent server of its INVITE, which gets exactly
/// one final answer.
///
/// ```
///  invited --2xx--> answered(Leg)
///     \----3xx-6xx--> refused
/// ```
struct CallerLeg: Sendable {
    let invite: SIPMessage
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

    /// Two INVITEs with the same key outside a dialog are one call that reached us twice.
    var key: CallerKey { CallerKey(invite) }
}

/// What a caller calls its call: Call-ID and From tag.
struct CallerKey: Hashable, Sendable {
    private let callID: [UInt8]
    private let tag: [UInt8]

    init(_ request: SIPMessage) {
        callID = Array(request.callID)
        tag = Array(request.from.tag ?? [])
    }
}
