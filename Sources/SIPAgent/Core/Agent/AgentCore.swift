public import TrunkEvents

/// The agent without its sockets, clock and disk: messages and time come in, facts and messages
/// come out, in an order in which each message stands behind the facts it depends on.
///
/// One owner at a time; every method is one step and returns at once.
public struct AgentCore: ~Copyable, Sendable {
    var board: Switchboard
    var calls = CallTable()
    private(set) var callTimers = TimerWheel<CallID>()
    private var clock = ClockWatch()
    var drops = DropCount()
    var rates = SourceRates()
    var bans = SourceBans()
    var gate = DialerGate()
    /// Of the header fields of the last message, for those of the next.
    var fieldRoom: [HeaderField] = []
    private var nextHeartbeat: MonotonicInstant?
    private(set) var phase = Phase.idle

    enum Phase: Equatable, Sendable {
        /// Not started: what the last process left open is not known yet, so nothing is taken.
        case idle
        case serving
        /// No new calls.
        case draining
        /// Going down.
        case closing(leavesCalls: Bool)
    }

    /// A commit stalls: new INVITEs get 503 with Retry-After.
    public var isShedding = false

    static let heartbeatInterval = Nanoseconds.seconds(10)

    public init(
        configuration: AgentConfiguration, entropy: Entropy, timers: TimerSettings = .init()
    ) {
        board = Switchboard(
            directory: AgentDirectory(configuration), entropy: entropy, timers: timers)
    }

    /// Calls that are not over on both legs yet.
    public var openCallCount: Int { calls.count }

    /// Nothing is left to wait for: every call is over or left to the next process, and after
    /// `shutdown` every binding is removed.
    public var isQuiet: Bool {
        switch phase {
        case .closing(let leavesCalls): (leavesCalls || calls.isEmpty) && board.trunks.isClosed
        case .idle, .serving, .draining: calls.isEmpty
        }
    }
}

// Time.
extension AgentCore {
    /// When `advance` has something to do; perhaps early, never late.
    /// `nil` before the start.
    public var nextDeadline: MonotonicInstant? {
        guard phase != .idle else { return nil }
        return board.transactions.nextDeadline
            .earlier(callTimers.nextDeadline).earlier(board.trunks.deadline)
            .earlier(nextHeartbeat).earlier(drops.deadline)
    }

    public mutating func advance(to now: Moment, into output: inout AgentOutput) {
        guard phase != .idle else { return }
        begin(now, &output)
        var timeouts: [TransactionTimeout] = []
        board.transactions.advance(
            to: now.monotonic, into: &board.output, reporting: &timeouts)
        for timeout in timeouts { handle(timeout) }
        while let id = callTimers.popExpired(at: now.monotonic) {
            if let slot = calls.slot(of: id) { calls[slot].timer = nil }
            onCall(id) { call, board in call.advance(&board) }
        }
        if let deadline = board.trunks.deadline, deadline <= now.monotonic {
            board.perform(board.trunks.advance(to: now.monotonic, entropy: &board.entropy))
        }
        if let deadline = drops.deadline, deadline <= now.monotonic { recordDrops() }
        if let nextHeartbeat, nextHeartbeat <= now.monotonic {
            board.record(.heartbeat(Heartbeat(openCalls: UInt32(calls.count))))
            self.nextHeartbeat = now.monotonic.advanced(by: Self.heartbeatInterval)
        }
        end(&output)
    }

    /// The step's facts and messages are gathered in the board's own output.
    mutating func begin(_ now: Moment, _ output: inout AgentOutput) {
        swap(&board.output, &output)
        board.now = now
        if let step = clock.look(now) { board.record(.clockStepped(ClockStepped(step: step))) }
    }

    mutating func end(_ output: inout AgentOutput) {
        swap(&board.output, &output)
    }

    private mutating func recordDrops() {
        for fact in drops.close() { board.record(fact) }
    }

    mutating func handle(_ timeout: TransactionTimeout) {
        switch timeout {
        case .clientTimedOut(let client):
            noAnswer(to: client, because: .timeout)
        case .clientUnreachable(let client):
            noAnswer(to: client, because: .transport)
        case .inviteEnded(let client):
            guard case .call(let id) = board.owners.removeValue(forKey: client) else { return }
            onCall(id) { call, board in call.inviteEnded(client, &board) }
        case .noAck:
            // A refusal that nobody acknowledged: the transaction did what it could.
            break
        }
    }

    private mutating func noAnswer(
        to client: ClientTransactionID, because failure: TrunkRequestFailure
    ) {
        switch board.owners.removeValue(forKey: client) {
        case .call(let id):
            let cause: AttemptFailure = failure == .timeout ? .timeout : .transport
            onCall(id) { call, board in call.timedOut(client, because: cause, &board) }
        case .trunk(let request):
            board.perform(
                board.trunks.noAnswer(
                    to: request, failure, at: board.now.monotonic, entropy: &board.entropy))
        case nil:
            break
        }
    }
}

// Calls.
extension AgentCore {
    /// One step of a call, and what follows from it for the agent.
    mutating func onCall(_ id: CallID, _ step: (inout Call, inout Switchboard) -> Void) {
        guard let slot = calls.slot(of: id) else { return }
        step(&calls[slot].call, &board)
        settle(slot)
        deliverMail()
    }

    mutating func insert(_ call: Call) {
        settle(calls.insert(call))
        deliverMail()
    }

    private mutating func deliverMail() {
        while !board.mail.isEmpty {
            switch board.mail.removeFirst() {
            case .place(let call):
                settle(calls.insert(call))
            case .tell(let id, let news):
                guard let slot = calls.slot(of: id) else { continue }
                calls[slot].call.hear(news, &board)
                settle(slot)
            }
        }
    }

    /// Wakes the call when it is next due, or forgets it.
    private mutating func settle(_ slot: SlotID) {
        if calls[slot].call.isDone {
            let entry = calls.remove(slot)
            if let timer = entry.timer { callTimers.cancel(timer.id) }
            forget(entry.call)
            return
        }
        let deadline = calls[slot].call.deadline
        guard calls[slot].timer?.deadline != deadline else { return }
        if let timer = calls[slot].timer { callTimers.cancel(timer.id) }
        let id = calls[slot].call.id
        calls[slot].timer = deadline.map { ($0, callTimers.insert(id, at: $0)) }
    }

    private mutating func forget(_ call: Call) {
        board.forget(call.caller.localTag, of: call.id)
        for shown in call.caller.shown { board.forget(shown.localTag, of: call.id) }
        // Lent, not copied: an attempt has many references.
        let attempts = call.attempts.span
        for index in attempts.indices { board.forget(attempts[index].localTag, of: call.id) }
    }
}

// Life.
extension AgentCore {
    /// Begins to serve: trunk settings that changed since the log's last word are recorded, calls
    /// that the last process left open go on or are ended, registrations and probes begin.
    public mutating func start(
        recovering recovered: RecoveredState, at now: Moment, into output: inout AgentOutput
    ) {
        precondition(phase == .idle, "an agent starts once")
        begin(now, &output)
        phase = .serving
        recordTrunks(known: recovered.trunks)
        board.trunks = TrunkTable(
            board.directory.configuration, at: now.monotonic, entropy: &board.entropy)
        board.trunks.recover(recovered.bindings, recovered.rests, at: now)
        recover(recovered)
        nextHeartbeat = now.monotonic.advanced(by: Self.heartbeatInterval)
        end(&output)
    }

    /// Takes over another configuration. Calls go on as they are; channels of a trunk that went are
    /// held until their calls end.
    public mutating func reload(
        _ configuration: AgentConfiguration, at now: Moment, into output: inout AgentOutput
    ) {
        begin(now, &output)
        let known = board.directory.configuration.trunks.map { ($0.name, $0.fact) }
        board.directory = AgentDirectory(configuration)
        board.routing.forgetAll()
        if configuration.security.ban == nil { bans.forgetAll() }
        recordTrunks(known: Dictionary(known, uniquingKeysWith: { first, _ in first }))
        board.perform(
            board.trunks.reload(configuration, at: now.monotonic, entropy: &board.entropy))
        board.directory.located = board.trunks.locatedPeers
        end(&output)
    }

    /// Takes no new calls from here on: 503.
    public mutating func drain(at now: Moment, into output: inout AgentOutput) {
        begin(now, &output)
        if phase == .serving { phase = .draining }
        end(&output)
    }

    /// Removes the bindings, and ends the calls unless they are left to the next process.
    /// `isQuiet` tells when both are done.
    public mutating func shutdown(
        hangUpCalls: Bool, at now: Moment, into output: inout AgentOutput
    ) {
        begin(now, &output)
        phase = .closing(leavesCalls: !hangUpCalls)
        recordDrops()
        if hangUpCalls {
            for id in calls.keys.sorted() {
                onCall(id) { call, board in
                    call.hangUpNow(.admin, cause: .normalClearing, &board)
                }
            }
        }
        board.perform(board.trunks.shutdown(at: now.monotonic, entropy: &board.entropy))
        end(&output)
    }

    /// A trunk's settings are recorded when they differ from what the log says.
    private mutating func recordTrunks(known: [TrunkName: TrunkConfigured]) {
        let trunks = board.directory.configuration.trunks
        for name in known.keys.sorted(by: { $0.description < $1.description })
        where board.directory.trunks[name] == nil {
            board.record(.trunkRemoved(TrunkRemoved(trunk: name)))
        }
        for trunk in trunks where known[trunk.name] != trunk.fact {
            board.record(.trunkConfigured(trunk.fact))
        }
    }
}

extension TrunkConfiguration {
    fileprivate var fact: TrunkConfigured {
        TrunkConfigured(
            trunk: name, carrier: carrier, channels: channels.total, channelsIn: channels.inbound,
            channelsOut: channels.outbound,
            authentication: registration == nil ? .address : .registration,
            isProbed: probeInterval != nil, maintenance: maintenance)
    }
}
