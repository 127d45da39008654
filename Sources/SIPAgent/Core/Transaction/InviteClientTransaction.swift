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
struct InviteClientTransaction: ~Copyable {
    struct Calling {
        var timerA: Nanoseconds
        var isCancelled = false
    }

    struct Proceeding {
        var isCancelled: Bool
    }

    struct Completed {}
    struct Accepted {}

    enum State: ~Copyable {
        case calling(Calling)
        case proceeding(Proceeding)
        case completed(Completed)
        case accepted(Accepted)
        case terminated
    }

    private(set) var state: State
    private let isReliable: Bool

    struct Start: Equatable {
        /// Reliable transports do not retransmit.
        var timerA: Nanoseconds?
        var timerB: Nanoseconds
    }

    /// Enters Calling; the INVITE is sent and `start` says which timers begin.
    init(_ timers: TimerSettings, isReliable: Bool) {
        state = .calling(Calling(timerA: timers.t1))
        self.isReliable = isReliable
    }

    func start(_ timers: TimerSettings) -> Start {
        Start(timerA: isReliable ? nil : timers.t1, timerB: timers.transactionTimeout)
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

    mutating func receive(_ status: StatusCode, _ timers: TimerSettings) -> ResponseAction {
        switch consume state {
        case .calling(let calling):
            if status.isProvisional {
                state = .proceeding(Proceeding(isCancelled: calling.isCancelled))
                return .proceed(cancelling: calling.isCancelled ? timers.transactionTimeout : nil)
            }
            return conclude(status, timers)
        case .proceeding(let proceeding):
            if status.isProvisional {
                state = .proceeding(proceeding)
                return .report
            }
            return conclude(status, timers)
        case .completed(let completed):
            state = .completed(completed)
            if status.isProvisional { return .absorb }
            return status.isSuccess ? .stray : .acknowledgeAgain
        case .accepted(let accepted):
            state = .accepted(accepted)
            return status.isSuccess ? .report : .absorb
        case .terminated:
            state = .terminated
            return .absorb
        }
    }

    private mutating func conclude(
        _ status: StatusCode, _ timers: TimerSettings
    ) -> ResponseAction {
        if status.isSuccess {
            state = .accepted(Accepted())
            return .accept(timerM: timers.transactionTimeout)
        }
        state = .completed(Completed())
        return .acknowledge(timerD: isReliable ? .zero : timers.timerD)
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

    mutating func cancel(_ timers: TimerSettings) -> CancelAction {
        switch consume state {
        case .calling(let calling):
            state = .calling(Calling(timerA: calling.timerA, isCancelled: true))
            return calling.isCancelled ? .ignore : .hold
        case .proceeding(let proceeding):
            state = .proceeding(Proceeding(isCancelled: true))
            return proceeding.isCancelled ? .ignore : .send(patience: timers.transactionTimeout)
        case .completed(let completed):
            state = .completed(completed)
            return .ignore
        case .accepted(let accepted):
            state = .accepted(accepted)
            return .ignore
        case .terminated:
            state = .terminated
            return .ignore
        }
    }
}

extension InviteClientTransaction {
    mutating func fire(_ timer: ClientTimer) -> TimerAction {
        switch consume state {
        case .calling(let calling):
            if timer == .a {
                let doubled = calling.timerA * 2
                state = .calling(Calling(timerA: doubled, isCancelled: calling.isCancelled))
                return .retransmit(again: doubled)
            }
            state = timer == .b ? .terminated : .calling(calling)
            return timer == .b ? .timedOut : .ignore
        case .proceeding(let proceeding):
            state = timer == .cancelled ? .terminated : .proceeding(proceeding)
            return timer == .cancelled ? .timedOut : .ignore
        case .completed(let completed):
            state = timer == .d ? .terminated : .completed(completed)
            return timer == .d ? .ended : .ignore
        case .accepted(let accepted):
            state = timer == .m ? .terminated : .accepted(accepted)
            return timer == .m ? .ended : .ignore
        case .terminated:
            state = .terminated
            return .ignore
        }
    }
}
