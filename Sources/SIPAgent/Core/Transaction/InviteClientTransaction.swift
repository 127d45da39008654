import TrunkEvents

/// The INVITE client transaction: RFC 3261 section 17.1.1.2 as changed by RFC 6026 section 8.4.
/// Its CANCEL waits for a provisional response (RFC 3261 section 9.1).
///
///                     | INVITE sent, start A and B
///                     v
///     Timer A    +---------+   Timer B: timed out
///     resend +---| Calling |------------------------------------+
///            +-->+---------+                                    |
///      300-699 |    |     | 2xx to TU                           |
///      ACK, to |    |1xx  +------------------------+            |
///      TU      |    v  to TU, the held CANCEL      |            |
///              |  +------------+  2xx to TU        |            |
///              |  | Proceeding |---------------+   |            |
///              |  +------------+ cancelled and |   |            |
///              |    |    64*T1: timed out ---- | - | ---------->|
///              |    | 300-699: ACK, to TU      v   v            |
///              v    v                       +----------+        |
///            +-----------+                  | Accepted |<-+     |
///            | Completed |<-+ 300-699       +----------+--+ 2xx |
///            +-----------+--+ ACK again       Timer M |   to TU |
///              Timer D |                              v         v
///                      +----------------------> Terminated <----+
enum InviteClientTransaction: ~Copyable {
    struct Calling {
        var timerA: Nanoseconds
        var isCancelled = false
    }

    struct Proceeding {
        var isCancelled: Bool
    }

    struct Completed {}
    struct Accepted {}

    case calling(Calling)
    case proceeding(Proceeding)
    case completed(Completed)
    case accepted(Accepted)
    case terminated

    struct Start: Equatable {
        /// Reliable transports do not retransmit.
        var timerA: Nanoseconds?
        var timerB: Nanoseconds
    }

    /// Enters Calling; the INVITE is sent and `start` says which timers begin.
    init(_ timers: TransactionTimers) {
        self = .calling(Calling(timerA: timers.settings.t1))
    }

    /// Enters Proceeding, for an INVITE that left before a restart: it is not sent again, and its
    /// CANCEL may go at once.
    static var resumed: Self { .proceeding(Proceeding(isCancelled: false)) }

    func start(_ timers: TransactionTimers) -> Start {
        Start(timerA: timers.a, timerB: timers.b)
    }

    /// Nothing was heard of the request yet.
    var isUnanswered: Bool {
        switch self {
        case .calling: true
        case .proceeding: false
        case .completed: false
        case .accepted: false
        case .terminated: false
        }
    }
}

// Responses (section 17.1.1.2).
extension InviteClientTransaction {
    enum ResponseAction: Equatable {
        /// A provisional response after the final one.
        case absorb
        /// The first provisional: report it, stop A and B; send the CANCEL that waited for it and
        /// wait this long for the final response.
        case proceed(cancelling: Nanoseconds?)
        /// A further provisional, or a further 2xx.
        case report
        /// The first 2xx: report it; the user sends the ACK.
        case accept(timerM: Nanoseconds)
        /// The first 300-699: send an ACK and report.
        case acknowledge(timerD: Nanoseconds)
        /// A copy of the final response: send the same ACK.
        case acknowledgeAgain
        /// A 2xx after a refusal: a fork that answered late. Its call must be ended.
        case stray
    }

    mutating func receive(_ status: StatusCode, _ timers: TransactionTimers) -> ResponseAction {
        switch consume self {
        case .calling(let calling):
            if status.isProvisional {
                self = .proceeding(Proceeding(isCancelled: calling.isCancelled))
                return .proceed(cancelling: calling.isCancelled ? timers.cancelled : nil)
            }
            self = .calling(calling)
            return conclude(status, timers)
        case .proceeding(let proceeding):
            self = .proceeding(proceeding)
            return status.isProvisional ? .report : conclude(status, timers)
        case .completed(let completed):
            self = .completed(completed)
            if status.isProvisional { return .absorb }
            return status.isSuccess ? .stray : .acknowledgeAgain
        case .accepted(let accepted):
            self = .accepted(accepted)
            return status.isSuccess ? .report : .absorb
        case .terminated:
            self = .terminated
            return .absorb
        }
    }

    private mutating func conclude(
        _ status: StatusCode, _ timers: TransactionTimers
    ) -> ResponseAction {
        if status.isSuccess {
            self = .accepted(Accepted())
            return .accept(timerM: timers.m)
        }
        self = .completed(Completed())
        return .acknowledge(timerD: timers.d)
    }
}

// The user gives up (section 9.1).
extension InviteClientTransaction {
    enum CancelAction: Equatable {
        /// A final response came, or a CANCEL is on its way already.
        case ignore
        /// Wait for a provisional response.
        case hold
        /// Send it, and wait this long for the final response.
        case send(patience: Nanoseconds)
    }

    mutating func cancel(_ timers: TransactionTimers) -> CancelAction {
        switch consume self {
        case .calling(let calling):
            self = .calling(Calling(timerA: calling.timerA, isCancelled: true))
            return calling.isCancelled ? .ignore : .hold
        case .proceeding(let proceeding):
            self = .proceeding(Proceeding(isCancelled: true))
            return proceeding.isCancelled ? .ignore : .send(patience: timers.cancelled)
        case .completed(let completed):
            self = .completed(completed)
            return .ignore
        case .accepted(let accepted):
            self = .accepted(accepted)
            return .ignore
        case .terminated:
            self = .terminated
            return .ignore
        }
    }
}

extension InviteClientTransaction {
    mutating func fire(_ timer: ClientTimer) -> TimerAction {
        switch consume self {
        case .calling(let calling):
            if timer == .a {
                let doubled = calling.timerA * 2
                self = .calling(Calling(timerA: doubled, isCancelled: calling.isCancelled))
                return .retransmit(again: doubled)
            }
            self = timer == .b ? .terminated : .calling(calling)
            return timer == .b ? .timedOut : .ignore
        case .proceeding(let proceeding):
            self = timer == .cancelled ? .terminated : .proceeding(proceeding)
            return timer == .cancelled ? .timedOut : .ignore
        case .completed(let completed):
            self = timer == .d ? .terminated : .completed(completed)
            return timer == .d ? .ended : .ignore
        case .accepted(let accepted):
            self = timer == .m ? .terminated : .accepted(accepted)
            return timer == .m ? .ended : .ignore
        case .terminated:
            self = .terminated
            return .ignore
        }
    }
}
