package import TrunkEvents

/// How a simulated carrier treats the calls it is sent.
package struct CarrierBehaviour: Sendable {
    /// Asked for in REGISTER; `nil` takes every REGISTER as it comes.
    package var credentials: Credentials?
    /// Calls beyond these get 503.
    package var channels = Int.max
    /// From the INVITE to its 200; it rings at once.
    package var answerDelay = Nanoseconds.zero
    /// The carrier hangs up after this long; `nil` leaves it to the caller.
    package var hold: Nanoseconds?
    /// Every call gets this response.
    package var failure: StatusCode?
    /// Every nth call gets 486.
    package var busyEvery: Int?
    /// Every nth call rings until it is cancelled.
    package var noAnswerEvery: Int?

    package init() {}
}

/// What a simulated carrier has seen.
package struct CarrierSummary: Equatable, Sendable {
    package var invites = 0
    package var answered = 0
    package var busy = 0
    package var cancelled = 0
    /// Beyond the channels.
    package var full = 0
    /// Refused as the behaviour says.
    package var failed = 0
    package var registrations = 0
    package var inUse = 0
    package var peak = 0

    package init() {}
}
