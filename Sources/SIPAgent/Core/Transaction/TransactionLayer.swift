import TrunkEvents

/// The transactions of RFC 3261 section 17 with RFC 6026's Accepted state: matching, timers and
/// retransmission. Sans-IO: time and messages come in, messages leave through `AgentOutput`.
struct TransactionLayer: ~Copyable, Sendable {
    private var clients: ClientTransactions
    private var servers: ServerTransactions
    private var clock = TransactionClock()

    init(timers: TimerSettings = .init()) {
        clients = ClientTransactions(timers: timers)
        servers = ServerTransactions(timers: timers)
    }

    /// Transactions that are alive, lingering ones too.
    var count: Int { clients.count + servers.count }

    /// Timers that run.
    var timerCount: Int { clock.wheel.count }

    /// When `advance` has something to do; perhaps early, never late.
    var nextDeadline: MonotonicInstant? { clock.wheel.nextDeadline }

    /// Matches a message to its transaction (RFC 3261 sections 17.1.3 and 17.2.3).
    mutating func receive(
        _ message: SIPMessage, from remote: Endpoint, on local: Endpoint, at now: MonotonicInstant,
        into output: inout AgentOutput
    ) -> TransactionEvent {
        clock.now = now
        switch message.startLine {
        case .request(let method, _, _):
            return servers.receive(
                message, method, from: remote, on: local, clock: &clock, into: &output)
        case .response(let status, _):
            return clients.receive(
                message, status: .code(status), clock: &clock, into: &output)
        }
    }

    /// Starts a client transaction. `request` is complete; its top Via has this `branch`, used for
    /// no other transaction.
    ///
    /// - Parameter datagram: sent instead when no stream comes about, for a request that is a
    ///   stream's for its size only.
    mutating func send(
        _ request: OutgoingMessage, orAsDatagram datagram: OutgoingMessage? = nil, method: Method,
        branch: [UInt8], at now: MonotonicInstant, into output: inout AgentOutput
    ) -> ClientTransactionID {
        clock.now = now
        let slot = clients.send(
            request, orAsDatagram: datagram,
            key: ClientTransactionKey(branch: branch[...], method: method), clock: &clock,
            into: &output)
        return ClientTransactionID(slot: slot)
    }

    /// No connection took this request of ours.
    mutating func undelivered(
        _ request: SIPMessage, at now: MonotonicInstant, into output: inout AgentOutput
    ) -> TransactionTimeout? {
        clock.now = now
        guard let branch = request.topVia.branch else { return nil }
        return clients.undelivered(
            ClientTransactionKey(branch: branch, method: request.cseq.method), clock: &clock,
            into: &output)
    }

    /// Takes up an INVITE that left before a restart, as if a provisional response had come:
    /// answers find it, and `cancel` acts at once. Without a CANCEL it waits for ever.
    mutating func resume(
        invite: [UInt8], branch: [UInt8], to remote: Endpoint, from local: Endpoint,
        at now: MonotonicInstant
    ) -> ClientTransactionID {
        clock.now = now
        let slot = clients.resume(
            OutgoingMessage(bytes: invite, local: local, remote: remote, gate: .open),
            key: ClientTransactionKey(branch: branch[...], method: .invite))
        return ClientTransactionID(slot: slot)
    }

    /// Cancels an INVITE as soon as that is allowed: after a provisional response (section 9.1).
    /// Until then it may be withdrawn: it has perhaps not left yet.
    /// `headers` are whole header lines with their line ends, e.g. a Reason. Does nothing once a
    /// final response came. Without one, `clientTimedOut` is reported 64*T1 after the CANCEL.
    mutating func cancel(
        _ invite: ClientTransactionID, headers: [UInt8] = [], at now: MonotonicInstant,
        into output: inout AgentOutput
    ) {
        clock.now = now
        clients.cancel(invite.slot, headers: headers, clock: &clock, into: &output)
    }

    /// Forgets an INVITE that was taken back before it left.
    mutating func withdraw(_ invite: ClientTransactionID) {
        clients.withdraw(invite.slot, clock: &clock)
    }

    /// Sends a response. Where the transaction is over, or its final response is out, it is
    /// dropped; a further 2xx to an INVITE is sent (RFC 6026 section 7.1).
    mutating func respond(
        _ id: ServerTransactionID, response: [UInt8], status: StatusCode, gate: SendGate,
        at now: MonotonicInstant, into output: inout AgentOutput
    ) {
        clock.now = now
        servers.respond(id.slot, response, status, gate, clock: &clock, into: &output)
    }

    /// Sends a final response and forgets the request: a copy of it is a new one.
    mutating func answerOnce(
        _ id: ServerTransactionID, _ response: [UInt8], at now: MonotonicInstant,
        into output: inout AgentOutput
    ) {
        clock.now = now
        servers.answerOnce(id.slot, response, clock: &clock, into: &output)
    }

    /// Runs the timers that are due.
    mutating func advance(
        to now: MonotonicInstant, into output: inout AgentOutput,
        reporting timeouts: inout [TransactionTimeout]
    ) {
        clock.now = now
        while let deadline = clock.wheel.popExpired(at: now) {
            let timeout: TransactionTimeout? =
                switch deadline {
                case .client(let slot, let timer):
                    clients.fire(timer, of: slot, clock: &clock, into: &output)
                case .server(let slot, let timer):
                    servers.fire(timer, of: slot, clock: &clock, into: &output)
                }
            if let timeout { timeouts.append(timeout) }
        }
    }
}
