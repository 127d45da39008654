import TrunkEvents

/// The first values of the timers on one kind of transport (RFC 3261 Table 4, RFC 6026 section
/// 8.11). A reliable transport needs no retransmission and delays no copies: `nil` and zero.
struct TransactionTimers: Sendable {
    let settings: TimerSettings
    let isReliable: Bool

    init(_ settings: TimerSettings, isReliable: Bool = false) {
        self.settings = settings
        self.isReliable = isReliable
    }

    /// How long a transaction waits for the other side: Timers B, F, H, L and M, and the final
    /// response after a CANCEL.
    private var patience: Nanoseconds { settings.transactionTimeout }

    var a: Nanoseconds? { isReliable ? nil : settings.t1 }
    var b: Nanoseconds { patience }
    var d: Nanoseconds { isReliable ? .zero : settings.timerD }
    var e: Nanoseconds? { isReliable ? nil : settings.t1 }
    var f: Nanoseconds { patience }
    var g: Nanoseconds? { isReliable ? nil : settings.t1 }
    var h: Nanoseconds { patience }
    var i: Nanoseconds { isReliable ? .zero : settings.t4 }
    var j: Nanoseconds { isReliable ? .zero : patience }
    var k: Nanoseconds { isReliable ? .zero : settings.t4 }
    var l: Nanoseconds { patience }
    var m: Nanoseconds { patience }
    var cancelled: Nanoseconds { patience }

    /// Doubles up to T2, as Timers E and G do.
    func backoff(_ interval: Nanoseconds) -> Nanoseconds {
        min(interval * 2, settings.t2)
    }
}
