import TrunkEvents

/// The states of `Registration`. Each holds the instants that get it out of itself, so that none
/// can last for ever; only `removed` has none.
enum RegistrationState: Hashable, Sendable {
    /// No binding; the next REGISTER goes at `retryAt`.
    case unregistered(retryAt: MonotonicInstant)
    /// No binding; a REGISTER is out.
    case registering(OpenRegister)
    /// The binding is in force until `expiresAt`.
    case registered(expiresAt: MonotonicInstant, refreshAt: MonotonicInstant)
    /// The binding is in force until `expiresAt`; a REGISTER is out.
    case refreshing(OpenRegister, expiresAt: MonotonicInstant)
    /// Going away, but a REGISTER from before is still out: section 10.2 wants its answer first.
    case settling(OpenRegister, wasBound: Bool, giveUpAt: MonotonicInstant)
    /// Going away: the REGISTER that removes the binding is out.
    case unregistering(OpenRegister, giveUpAt: MonotonicInstant)
    /// The end.
    case removed

    /// The REGISTER whose answer is awaited.
    var open: OpenRegister? {
        switch self {
        case .registering(let open), .refreshing(let open, _), .settling(let open, _, _),
            .unregistering(let open, _):
            open
        case .unregistered, .registered, .removed: nil
        }
    }

    var deadline: MonotonicInstant? {
        switch self {
        case .unregistered(let retryAt): retryAt
        case .registering(let open): open.giveUpAt
        case .registered(let expiresAt, let refreshAt): min(expiresAt, refreshAt)
        case .refreshing(let open, let expiresAt): min(open.giveUpAt, expiresAt)
        case .settling(_, _, let giveUpAt), .unregistering(_, let giveUpAt): giveUpAt
        case .removed: nil
        }
    }

    var isInForce: Bool {
        switch self {
        case .registered, .refreshing: true
        case .unregistered, .registering, .settling, .unregistering, .removed: false
        }
    }

    /// The same state with a follow-up of its REGISTER out instead.
    func following(_ next: OpenRegister) -> RegistrationState {
        switch self {
        case .registering: .registering(next)
        case .refreshing(_, let expiresAt): .refreshing(next, expiresAt: expiresAt)
        case .settling(_, let wasBound, let giveUpAt):
            .settling(next, wasBound: wasBound, giveUpAt: giveUpAt)
        case .unregistering(_, let giveUpAt): .unregistering(next, giveUpAt: giveUpAt)
        case .unregistered, .registered, .removed:
            preconditionFailure("no REGISTER is out to follow up")
        }
    }
}

/// A REGISTER that waits for its final answer, and what its exchange has cost so far.
struct OpenRegister: Hashable, Sendable {
    var cseq: UInt32
    var sentAt: MonotonicInstant
    var giveUpAt: MonotonicInstant
    /// Challenges of the registrar and of proxies that this exchange has answered.
    var challengesAnswered = ChallengeTally()
    /// Whether a 423 has raised the lifetime in this exchange.
    var hasRaisedLifetime = false
}
