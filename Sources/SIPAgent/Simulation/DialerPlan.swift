package import TrunkEvents

/// The calls that a simulated dialer places.
package struct DialerPlan: Sendable {
    /// Who takes them, usually the agent.
    package var target: Endpoint
    package var calls: Int
    /// From one call to the next.
    package var interval: Nanoseconds
    /// From the answer to the BYE.
    package var hold: Nanoseconds
    /// The number of the nth call, counted from 1.
    package var number: @Sendable (Int) -> Octets
    package var caller: Octets

    package init(
        target: Endpoint, calls: Int, interval: Nanoseconds, hold: Nanoseconds, caller: Octets,
        number: @escaping @Sendable (Int) -> Octets
    ) {
        self.target = target
        self.calls = calls
        self.interval = interval
        self.hold = hold
        self.caller = caller
        self.number = number
    }
}

/// What a simulated dialer has seen.
package struct DialerSummary: Equatable, Sendable {
    package var attempted = 0
    package var answered = 0
    package var inProgress = 0
    /// Final responses other than 2xx, by status.
    package var refused: [UInt16: Int] = [:]
    /// No final response came.
    package var unanswered = 0
    /// Answered calls that the other side ended.
    package var endedByPeer = 0

    package init() {}
}
