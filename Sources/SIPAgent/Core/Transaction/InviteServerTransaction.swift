import TrunkEvents

/// The INVITE server transaction: RFC 3261 section 17.2.1 as changed by RFC 6026 section 8.6.
/// The user answers with 100 Trying itself.
///
///                     | INVITE to TU
///                     v
///     INVITE     +------------+ 1xx from TU
///     resend +---| Proceeding |---+ send
///            +-->+------------+<--+
///      300-699     |        |  2xx from TU
///      send,       |        |  send, start L
///      start G, H  |        +-------------+
///                  v                      v
///     INVITE,    +-----------+        +----------+ 2xx from TU: send
///     Timer G +--| Completed |        | Accepted |<-+
///     resend  +->+-----------+        +----------+--+ ACK to TU,
///                  |   |  Timer H:        |           INVITE absorbed
///             ACK  |   |  no ACK          | Timer L
///          start I v   +-------------+    |
///          +-----------+   Timer I   v    v
///          | Confirmed |--------> Terminated
///          +-----------+
enum InviteServerTransaction: ~Copyable {
    struct Proceeding {
        /// The user has sent something that can be repeated.
        var hasResponse = false
    }

    struct Completed {
        var timerG: Nanoseconds
    }

    struct Confirmed {}
    struct Accepted {}

    case proceeding(Proceeding)
    case completed(Completed)
    case confirmed(Confirmed)
    case accepted(Accepted)
    case terminated

    init() {
        self = .proceeding(Proceeding())
    }
}

// From the network.
extension InviteServerTransaction {
    enum InviteAction: Equatable {
        case absorb
        case resend
    }

    /// A retransmission of the INVITE.
    mutating func receiveInvite() -> InviteAction {
        switch consume self {
        case .proceeding(let proceeding):
            self = .proceeding(proceeding)
            return proceeding.hasResponse ? .resend : .absorb
        case .completed(let completed):
            self = .completed(completed)
            return .resend
        case .confirmed(let confirmed):
            self = .confirmed(confirmed)
            return .absorb
        case .accepted(let accepted):
            self = .accepted(accepted)
            return .absorb
        case .terminated:
            self = .terminated
            return .absorb
        }
    }

    enum AckAction: Equatable {
        case absorb
        /// It acknowledges the refusal: stop G and H.
        case confirm(timerI: Nanoseconds)
        /// It belongs to the 2xx: report it.
        case report
    }

    mutating func receiveAck(_ timers: TransactionTimers) -> AckAction {
        switch consume self {
        case .proceeding(let proceeding):
            self = .proceeding(proceeding)
            return .absorb
        case .completed:
            self = .confirmed(Confirmed())
            return .confirm(timerI: timers.i)
        case .confirmed(let confirmed):
            self = .confirmed(confirmed)
            return .absorb
        case .accepted(let accepted):
            self = .accepted(accepted)
            return .report
        case .terminated:
            self = .terminated
            return .absorb
        }
    }
}

// From the user.
extension InviteServerTransaction {
    enum RespondAction: Equatable {
        /// The final response is out already.
        case discard
        /// A provisional: send it, and repeat it when asked.
        case send
        /// The first 2xx: send it. Its copies come from the user.
        case accept(timerL: Nanoseconds)
        /// A further 2xx: send it.
        case sendAgain
        /// 300-699: send it and repeat it until the ACK. Reliable transports have no Timer G.
        case complete(timerG: Nanoseconds?, timerH: Nanoseconds)
    }

    mutating func respond(_ status: StatusCode, _ timers: TransactionTimers) -> RespondAction {
        switch consume self {
        case .proceeding:
            if status.isProvisional {
                self = .proceeding(Proceeding(hasResponse: true))
                return .send
            }
            if status.isSuccess {
                self = .accepted(Accepted())
                return .accept(timerL: timers.l)
            }
            self = .completed(Completed(timerG: timers.settings.t1))
            return .complete(
                timerG: timers.g, timerH: timers.h)
        case .completed(let completed):
            self = .completed(completed)
            return .discard
        case .confirmed(let confirmed):
            self = .confirmed(confirmed)
            return .discard
        case .accepted(let accepted):
            self = .accepted(accepted)
            return status.isSuccess ? .sendAgain : .discard
        case .terminated:
            self = .terminated
            return .discard
        }
    }

    mutating func fire(_ timer: ServerTimer, _ timers: TransactionTimers) -> TimerAction {
        switch consume self {
        case .proceeding(let proceeding):
            self = .proceeding(proceeding)
            return .ignore
        case .completed(let completed):
            if timer == .g {
                let next = timers.backoff(completed.timerG)
                self = .completed(Completed(timerG: next))
                return .retransmit(again: next)
            }
            self = timer == .h ? .terminated : .completed(completed)
            return timer == .h ? .timedOut : .ignore
        case .confirmed(let confirmed):
            self = timer == .i ? .terminated : .confirmed(confirmed)
            return timer == .i ? .ended : .ignore
        case .accepted(let accepted):
            self = timer == .l ? .terminated : .accepted(accepted)
            return timer == .l ? .ended : .ignore
        case .terminated:
            self = .terminated
            return .ignore
        }
    }
}
