import TrunkEvents

/// The non-INVITE client transaction: RFC 3261 section 17.1.2.2.
///
///                     | request sent, start E and F
///                     v
///      Timer E   +--------+    Timer F: timed out
///      resend +--| Trying |---------------------------+
///             +->+--------+                           |
///      200-699 |     | 1xx to TU                      |
///      to TU   |     v                                |
///              |  +------------+  Timer F: timed out  |
///      Timer E |  |            |--------------------->|
///      resend +-- | Proceeding |                      |
///             +-->|            |<-+ 1xx to TU         |
///              |  +------------+--+                   |
///              |     | 200-699 to TU                  |
///              v     v                                |
///            +-----------+   Timer K                  v
///            | Completed |----------------------> Terminated
///            +-----------+
enum NonInviteClientTransaction: ~Copyable {
    struct Trying {
        var timerE: Nanoseconds
    }

    struct Proceeding {}
    struct Completed {}

    case trying(Trying)
    case proceeding(Proceeding)
    case completed(Completed)
    case terminated

    struct Start: Equatable {
        /// Reliable transports do not retransmit.
        var timerE: Nanoseconds?
        var timerF: Nanoseconds
    }

    /// Enters Trying; the request is sent and `start` says which timers begin.
    init(_ timers: TransactionTimers) {
        self = .trying(Trying(timerE: timers.settings.t1))
    }

    func start(_ timers: TransactionTimers) -> Start {
        Start(timerE: timers.e, timerF: timers.f)
    }

    /// Nothing was heard of the request yet.
    var isUnanswered: Bool {
        switch self {
        case .trying: true
        case .proceeding: false
        case .completed: false
        case .terminated: false
        }
    }
}

extension NonInviteClientTransaction {
    enum ResponseAction: Equatable {
        /// A copy of what was reported.
        case absorb
        /// A provisional response: Timer E goes on.
        case report
        /// The final response: report it, stop E and F.
        case complete(timerK: Nanoseconds)
    }

    mutating func receive(_ status: StatusCode, _ timers: TransactionTimers) -> ResponseAction {
        switch consume self {
        case .trying(let trying):
            self = .trying(trying)
            return progress(status, timers)
        case .proceeding(let proceeding):
            self = .proceeding(proceeding)
            return progress(status, timers)
        case .completed(let completed):
            self = .completed(completed)
            return .absorb
        case .terminated:
            self = .terminated
            return .absorb
        }
    }

    private mutating func progress(
        _ status: StatusCode, _ timers: TransactionTimers
    ) -> ResponseAction {
        if status.isProvisional {
            self = .proceeding(Proceeding())
            return .report
        }
        self = .completed(Completed())
        return .complete(timerK: timers.k)
    }

    mutating func fire(_ timer: ClientTimer, _ timers: TransactionTimers) -> TimerAction {
        switch consume self {
        case .trying(let trying):
            if timer == .e {
                let next = timers.backoff(trying.timerE)
                self = .trying(Trying(timerE: next))
                return .retransmit(again: next)
            }
            self = timer == .f ? .terminated : .trying(trying)
            return timer == .f ? .timedOut : .ignore
        case .proceeding(let proceeding):
            self = timer == .f ? .terminated : .proceeding(proceeding)
            if timer == .e { return .retransmit(again: timers.settings.t2) }
            return timer == .f ? .timedOut : .ignore
        case .completed(let completed):
            self = timer == .k ? .terminated : .completed(completed)
            return timer == .k ? .ended : .ignore
        case .terminated:
            self = .terminated
            return .ignore
        }
    }
}
