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
struct NonInviteServerTransaction: ~Copyable {
    struct Trying {}
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

    init(isReliable: Bool) {
        state = .trying(Trying())
        self.isReliable = isReliable
    }
}

extension NonInviteServerTransaction {
    enum RequestAction: Equatable {
        case absorb
        case resend
    }

    /// A retransmission of the request.
    mutating func receiveRequest() -> RequestAction {
        switch consume state {
        case .trying(let trying):
            state = .trying(trying)
            return .absorb
        case .proceeding(let proceeding):
            state = .proceeding(proceeding)
            return .resend
        case .completed(let completed):
            state = .completed(completed)
            return .resend
        case .terminated:
            state = .terminated
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

    mutating func respond(_ status: StatusCode, _ timers: TimerSettings) -> RespondAction {
        switch consume state {
        case .trying, .proceeding:
            if status.isProvisional {
                state = .proceeding(Proceeding())
                return .send
            }
            state = .completed(Completed())
            return .complete(timerJ: isReliable ? .zero : timers.transactionTimeout)
        case .completed(let completed):
            state = .completed(completed)
            return .discard
        case .terminated:
            state = .terminated
            return .discard
        }
    }

    mutating func fire(_ timer: ServerTimer) -> TimerAction {
        switch consume state {
        case .trying(let trying):
            state = .trying(trying)
            return .ignore
        case .proceeding(let proceeding):
            state = .proceeding(proceeding)
            return .ignore
        case .completed(let completed):
            state = timer == .j ? .terminated : .completed(completed)
            return timer == .j ? .ended : .ignore
        case .terminated:
            state = .terminated
            return .ignore
        }
    }
}
