import TrunkEvents

/// The non-INVITE server transaction: RFC 3261 section 17.2.2.
///
///                     | request to TU
///                     v
///                +---------+
///     request +--| Trying  |------------------+
///     absorbed+->+---------+                  | 200-699 from TU
///                     | 1xx from TU: send     | send, start J
///                     v                       |
///     request   +------------+ 1xx from TU    |
///     resend +--| Proceeding |--+ send        |
///            +->+------------+<-+             |
///                     | 200-699 from TU       |
///                     v send, start J         |
///     request   +-----------+                 |
///     resend +--| Completed |<----------------+
///            +->+-----------+
///                     | Timer J
///                     v
///                Terminated
enum NonInviteServerTransaction: ~Copyable {
    struct Trying {}
    struct Proceeding {}
    struct Completed {}

    case trying(Trying)
    case proceeding(Proceeding)
    case completed(Completed)
    case terminated

    init() {
        self = .trying(Trying())
    }
}

extension NonInviteServerTransaction {
    enum RequestAction: Equatable {
        case absorb
        case resend
    }

    /// A retransmission of the request.
    mutating func receiveRequest() -> RequestAction {
        switch consume self {
        case .trying(let trying):
            self = .trying(trying)
            return .absorb
        case .proceeding(let proceeding):
            self = .proceeding(proceeding)
            return .resend
        case .completed(let completed):
            self = .completed(completed)
            return .resend
        case .terminated:
            self = .terminated
            return .absorb
        }
    }

    enum RespondAction: Equatable {
        /// The final response is out already.
        case discard
        /// A provisional: send it, and repeat it when asked.
        case send
        /// The final response: send it, and repeat it when asked.
        case complete(timerJ: Nanoseconds)
    }

    mutating func respond(_ status: StatusCode, _ timers: TransactionTimers) -> RespondAction {
        switch consume self {
        case .trying(let trying):
            self = .trying(trying)
            return progress(status, timers)
        case .proceeding(let proceeding):
            self = .proceeding(proceeding)
            return progress(status, timers)
        case .completed(let completed):
            self = .completed(completed)
            return .discard
        case .terminated:
            self = .terminated
            return .discard
        }
    }

    private mutating func progress(
        _ status: StatusCode, _ timers: TransactionTimers
    ) -> RespondAction {
        if status.isProvisional {
            self = .proceeding(Proceeding())
            return .send
        }
        self = .completed(Completed())
        return .complete(timerJ: timers.j)
    }

    mutating func fire(_ timer: ServerTimer) -> TimerAction {
        switch consume self {
        case .trying(let trying):
            self = .trying(trying)
            return .ignore
        case .proceeding(let proceeding):
            self = .proceeding(proceeding)
            return .ignore
        case .completed(let completed):
            self = timer == .j ? .terminated : .completed(completed)
            return timer == .j ? .ended : .ignore
        case .terminated:
            self = .terminated
            return .ignore
        }
    }
}
