import TrunkEvents

/// The transactions of RFC 3261 section 17 with RFC 6026's Accepted state: matching, timers and
/// retransmission. Sans-IO: time and messages come in, messages leave through `AgentOutput`.
struct TransactionLayer: ~Copyable {
    private let timers: TimerSettings

    init(timers: TimerSettings = .init()) {
        self.timers = timers
    }

    /// Transactions that are alive, lingering ones too.
    var count: Int { 0 }

    /// When `advance` has something to do; perhaps early, never late by more than a tick.
    var nextDeadline: MonotonicInstant? { nil }

    /// Matches a message to its transaction (RFC 3261 sections 17.1.3 and 17.2.3).
    mutating func receive(
        _ message: SIPMessage, from remote: Endpoint, on local: Endpoint, at now: MonotonicInstant,
        into output: inout AgentOutput
    ) -> TransactionEvent {
        .absorbed
    }

    /// Starts a client transaction. `request` is complete, with a top Via of this `branch`.
    mutating func send(
        request: [UInt8], method: Method, branch: [UInt8], to remote: Endpoint,
        from local: Endpoint, gate: SendGate, at now: MonotonicInstant,
        into output: inout AgentOutput
    ) -> ClientTransactionID {
        preconditionFailure("under way")
    }

    /// Cancels an INVITE as soon as that is allowed: after a provisional response (section 9.1).
    /// `headers` are whole header lines with their line ends, e.g. a Reason. Does nothing once a
    /// final response came.
    mutating func cancel(
        _ invite: ClientTransactionID, headers: [UInt8] = [], at now: MonotonicInstant,
        into output: inout AgentOutput
    ) {}

    /// Sends a response. Where the transaction is over, or its final response is out, it is
    /// dropped; a further 2xx to an INVITE is sent (RFC 6026 section 7.1).
    mutating func respond(
        _ id: ServerTransactionID, response: [UInt8], status: StatusCode, gate: SendGate,
        at now: MonotonicInstant, into output: inout AgentOutput
    ) {}

    /// Runs the timers that are due.
    mutating func advance(
        to now: MonotonicInstant, into output: inout AgentOutput,
        reporting timeouts: inout [TransactionTimeout]
    ) {}
}
