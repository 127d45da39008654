import TrunkEvents

/// When to refresh a binding and when to try again after a failure.
enum RegistrationTiming {
    /// A REGISTER never follows a finished one sooner than this, whatever lifetime was granted.
    static let pauseMin = Nanoseconds.seconds(1)
    /// Longer lifetimes are refreshed once a day all the same.
    static let lifetimeSecondsMax: UInt32 = 86_400
    /// Two whole REGISTERs may run into Timer F before a refresh is too late.
    static let refreshMargin = Nanoseconds.seconds(64)
    /// No wait grows beyond this.
    static let backoffMax = Nanoseconds.seconds(300)
    /// A registrar's Retry-After is obeyed up to this.
    static let retryAfterMax = Nanoseconds.seconds(600)

    /// How a failure's first wait is chosen.
    enum Severity: Hashable, Sendable {
        /// May pass by itself: no answer, 5xx.
        case passing
        /// Will last until someone acts: credentials, 403, 404. Registrars ban who hammers them.
        case lasting

        var firstWait: Nanoseconds {
            switch self {
            case .passing: .seconds(10)
            case .lasting: .seconds(60)
            }
        }
    }

    /// From sending a REGISTER to its refresh: `refreshMargin` or a fifth of the lifetime before its
    /// end, whichever is earlier, but not before half of it; then up to a tenth earlier still.
    /// So always between 45 and 80 percent of the lifetime.
    static func refreshDelay(
        lifetime: Nanoseconds, entropy: inout Entropy
    ) -> Nanoseconds {
        let latest = min(Nanoseconds(lifetime.count / 5 * 4), lifetime - refreshMargin)
        let base = max(Nanoseconds(lifetime.count / 2), latest)
        return .random(in: Nanoseconds(base.count / 10 * 9)...base, using: &entropy)
    }

    /// Evenly between half and all of W = min(`backoffMax`, first wait * 2^(failures - 1)), as RFC 5626
    /// section 4.5 has it, and never less than what the registrar asked for.
    static func retryDelay(
        failures: Int, severity: Severity, retryAfterSeconds: UInt32?, entropy: inout Entropy
    ) -> Nanoseconds {
        precondition(failures > 0, "a retry follows a failure")
        let doublings = Int64(1) << Int64(min(failures - 1, 16))
        let wait = min(backoffMax, severity.firstWait * doublings)
        let drawn = Nanoseconds.random(in: Nanoseconds(wait.count / 2)...wait, using: &entropy)
        let asked = retryAfterSeconds.map { min(retryAfterMax, .seconds(Int64($0))) } ?? .zero
        return max(drawn, asked)
    }
}
