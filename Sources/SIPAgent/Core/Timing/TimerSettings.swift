public import TrunkEvents

/// The base values of SIP's timers (RFC 3261 section 17 and Table 4).
public struct TimerSettings: Hashable, Sendable {
    /// Estimate of the round trip.
    public var t1: Nanoseconds
    /// The longest interval between retransmissions of non-INVITE requests and INVITE responses.
    public var t2: Nanoseconds
    /// The longest time that a message stays in the network.
    public var t4: Nanoseconds
    /// How long a client waits for copies of a non-2xx final response to INVITE over UDP. An
    /// absolute value, since the server's T1 is not known (RFC 3261 section 17.1.1.2).
    public var timerD: Nanoseconds

    public init(
        t1: Nanoseconds = .milliseconds(500), t2: Nanoseconds = .seconds(4),
        t4: Nanoseconds = .seconds(5), timerD: Nanoseconds = .seconds(32)
    ) {
        precondition(t1 > .zero && t2 >= t1 && t4 >= .zero && timerD >= .zero)
        self.t1 = t1
        self.t2 = t2
        self.t4 = t4
        self.timerD = timerD
    }

    /// 64*T1: the patience of Timers B, F, H, J, L and M.
    public var transactionTimeout: Nanoseconds { t1 * 64 }

    /// Who begins to listen has heard a copy of whatever a peer still repeats by then: copies
    /// follow each other by T2 at most (section 17.1.2.2), and the one that was missed may just
    /// have come, so that the next one's way counts too: T1 is the estimate of it.
    public var copySpan: Nanoseconds { t2 + t1 }
}
