import TrunkEvents

/// Why a REGISTER came to nothing.
struct RegistrationSetback: Hashable, Sendable {
    var cause: RegistrationFailure
    var code: StatusCode?
    var reason: Octets = .empty
    var retryAfterSeconds: UInt32?

    /// Nothing came back, or nothing could be sent.
    init(_ cause: RegistrationFailure) {
        self.cause = cause
    }

    /// A final answer refused.
    init(_ cause: RegistrationFailure, _ response: SIPMessage) {
        self.cause = cause
        code = response.status.flatMap(StatusCode.init(rawValue:))
        reason = Octets(Array(response.reasonPhrase ?? []))
        retryAfterSeconds = response.retryAfter?.seconds
    }

    var severity: RegistrationTiming.Severity {
        switch cause {
        case .timeout, .transport: .passing
        case .credentials: .lasting
        case .rejected: code?.rawValue == 408 || isServerFailure ? .passing : .lasting
        }
    }

    private var isServerFailure: Bool { (code?.rawValue ?? 500) / 100 == 5 }

    func fact(_ trunk: TrunkName) -> Event {
        .registrationFailed(
            RegistrationFailed(trunk: trunk, cause: cause, code: code, reason: reason))
    }
}
