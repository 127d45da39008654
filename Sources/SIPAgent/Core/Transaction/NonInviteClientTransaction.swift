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
struct NonInviteClientTransaction: ~Copyable {
    struct Trying {
        var timerE: Nanoseconds
    }

    struct Proceeding {}
    struct Completed {}

    enum State: ~Copyable {
        case trying(Trying)
        case proceeding(Proceeding)
        case completed(Completed)
        case terminated
    }

    private(set) var state: State
    private let isReliable: Bool

    struct Start: Equatable {
        /// Reliable transports do not retransmit.
        var timerE: Nanoseconds?
        var timerF: Nanoseconds
    }

    /// Enters Trying; the request is sent and `start` says which timers begin.
    init(_ timers: TimerSettings, isReliable: Bool) {
        state = .trying(Trying(timerE: timers.t1))
        self.isReliable = isReliable
    }

    func start(_ timers: TimerSettings) -> Start {
        Start(timerE: isReliable ? nil : timers.t1, timerF: timers.transactionTimeout)
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

    mutating func receive(_ status: StatusCode, _ timers: TimerSettings) -> ResponseAction {
        switch consume state {
        case .trying, .proceeding:
            if status.isProvisional {
                state = .proceeding(Proceeding())
                return .report
            }
            state = .completed(Completed())
            return .complete(timerK: isReliable ? .zero : timers.t4)
        case .completed(let completed):
            state = .completed(completed)
            return .absorb
        case .terminated:
            state = .terminated
            return .absorb
        }
    }

    mutating func fire(_ timer: ClientTimer, _ timers: TimerSettings) -> TimerAction {
        switch consume state {
        case .trying(let trying):
            if timer == .e {
                let next = min(trying.timerE * 2, timers.t2)
                state = .trying(Trying(timerE: next))
                return .retransmit(again: next)
            }
            state = timer == .f ? .terminated : .trying(trying)
            return timer == .f ? .timedOut : .ignore
        case .proceeding(let proceeding):
            state = timer == .f ? .terminated : .proceeding(proceeding)
            if timer == .e { return .retransmit(again: timers.t2) }
            return timer == .f ? .timedOut : .ignore
        case .completed(let completed):
            state = timer == .k ? .terminated : .completed(completed)
            return timer == .k ? .ended : .ignore
        case .terminated:
            state = .terminated
            return .ignore
        }
    }
}
