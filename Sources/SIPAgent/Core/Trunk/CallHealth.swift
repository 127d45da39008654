import TrunkEvents

/// What the calls themselves say of a trunk: a carrier may answer every OPTIONS and let every call
/// die.
///
/// ```
///            callsDown failures in a row            callPause is over: one call may try
///  working ------------------------------> failing(until) ------------------> failing(+ callPause)
///     ^                                        |                                    |
///     +----------------- any call shows a sign of life -----------------------------+
/// ```
struct CallHealth: Hashable, Sendable {
    /// What became of a call that was offered to the carrier.
    enum Result: Hashable, Sendable {
        /// It rang, was answered, or was refused as one refuses a call.
        case alive(StatusCode)
        /// Nothing but silence, or an answer that says that calls do not get through now.
        case failed(StatusCode?)
    }

    enum Change: Hashable, Sendable {
        case wentDown(StatusCode?)
        /// How long the sign of life took, where it is that of the call that tried.
        case cameUp(StatusCode, roundTrip: Nanoseconds)
    }

    private var failures: UInt32 = 0
    /// `nil` while calls get through; else when the next call may try.
    private var triesAt: MonotonicInstant?
    private var triedAt: MonotonicInstant?

    var isFailing: Bool { triesAt != nil }

    /// Whether a call may be offered.
    func admits(at now: MonotonicInstant) -> Bool { triesAt.map { $0 <= now } ?? true }

    /// A call is offered: one that tries a failing trunk keeps others away for another pause.
    mutating func beginAttempt(at now: MonotonicInstant, _ limits: HealthLimits) {
        guard triesAt != nil else { return }
        triesAt = now.advanced(by: limits.callPause)
        triedAt = now
    }

    mutating func note(
        _ result: Result, at now: MonotonicInstant, _ limits: HealthLimits
    ) -> Change? {
        switch result {
        case .alive(let code):
            failures = 0
            guard triesAt != nil else { return nil }
            defer { (triesAt, triedAt) = (nil, nil) }
            return .cameUp(code, roundTrip: triedAt.map { $0.duration(to: now) } ?? .zero)
        case .failed(let code):
            guard let most = limits.callsDown else { return nil }
            failures = min(failures + 1, most)
            guard failures >= most, triesAt == nil else { return nil }
            triesAt = now.advanced(by: limits.callPause)
            return .wentDown(code)
        }
    }
}

extension CallHealth.Result {
    /// A final answer other than 2xx. The codes that count as failures are those of the probe.
    init(refusal status: StatusCode) {
        self = ProbeSettings.refusals.contains(status) ? .failed(status) : .alive(status)
    }
}
