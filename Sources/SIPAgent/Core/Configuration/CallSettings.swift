public import TrunkEvents

/// What of SIP beyond RFC 3261 calls with one peer use.
public struct CallSettings: Hashable, Sendable {
    public var reliability: ProvisionalReliability
    /// `nil`: no session timer is asked for, and none is granted.
    public var sessionTimer: SessionTimerSettings?
    /// An answered call is ended after it.
    public var maxDuration: Nanoseconds?
    /// How often the peer is asked whether it still has the call; `nil`: never.
    public var probeInterval: Nanoseconds?
    /// A REFER may be passed on to the peer.
    public var passesTransfers = false

    public init(
        reliability: ProvisionalReliability = .onRequest,
        sessionTimer: SessionTimerSettings? = SessionTimerSettings(),
        maxDuration: Nanoseconds? = nil, probeInterval: Nanoseconds? = nil
    ) {
        self.reliability = reliability
        self.sessionTimer = sessionTimer
        self.maxDuration = maxDuration
        self.probeInterval = probeInterval
    }
}

/// Session timers (RFC 4028), in seconds.
public struct SessionTimerSettings: Hashable, Sendable {
    /// What we ask for.
    public var interval: UInt32
    /// A peer that asks for less gets 422.
    public var minimum: UInt32

    public init(interval: UInt32 = 1_800, minimum: UInt32 = 90) {
        precondition(minimum >= 90 && interval >= minimum, "RFC 4028 section 4")
        self.interval = interval
        self.minimum = minimum
    }

    /// Whether a request is to be answered with 422: its sender understands that, and asks for less
    /// than the minimum (section 9).
    func refuses(_ request: SIPMessage) -> Bool {
        request.lists("timer", in: .supported)
            && (request.sessionExpires?.seconds ?? .max) < minimum
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
