/// What of SIP beyond RFC 3261 calls with one peer use.
public struct CallSettings: Hashable, Sendable {
    public var reliability: ProvisionalReliability

    public init(reliability: ProvisionalReliability = .onRequest) {
        self.reliability = reliability
    }
}

/// When provisional answers are sent reliably, with PRACK (RFC 3262).
public enum ProvisionalReliability: Hashable, Sendable {
    /// Never offered, and refused with 420 where a caller requires it.
    case refused
    /// Offered to whom we call, used towards a caller that requires it.
    case onRequest
    /// And towards a caller that merely supports it.
    case whereSupported
}
