import TrunkEvents

/// The timers of client transactions, by their letters in RFC 3261 Table 4 and RFC 6026.
enum ClientTimer: UInt8, Sendable {
    case a, b, d, e, f, k, m
    /// 64*T1 after the CANCEL of an INVITE; the RFC gives it no letter (section 9.1).
    case cancelled
}

/// The timers of server transactions, by their letters in RFC 3261 Table 4 and RFC 6026.
enum ServerTimer: UInt8, Sendable {
    case g, h, i, j, l
}

/// What a timer that fires makes of its transaction.
enum TimerAction: Equatable, Sendable {
    /// The timer belongs to a state that is over.
    case ignore
    /// Send the last message again, and start the same timer anew.
    case retransmit(again: Nanoseconds)
    /// The transaction failed; tell its user.
    case timedOut
    /// The transaction is over, as it should be.
    case ended
}

/// What waits in the layer's wheel.
enum TransactionDeadline: Sendable {
    case client(SlotID, ClientTimer)
    case server(SlotID, ServerTimer)
}

/// The wheel of one layer and the instant at which it is used.
struct TransactionClock: ~Copyable {
    var wheel = TimerWheel<TransactionDeadline>()
    var now = MonotonicInstant(nanoseconds: 0)

    mutating func start(_ deadline: TransactionDeadline, after delay: Nanoseconds) -> TimerID {
        wheel.insert(deadline, at: now.advanced(by: delay))
    }

    mutating func stop(_ timer: inout TimerID?) {
        guard let running = timer else { return }
        wheel.cancel(running)
        timer = nil
    }
}
