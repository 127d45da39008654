import TrunkEvents

/// What the calls share, and all they can do to the world: record a fact, send, hold a channel.
///
/// `now` and `output` are those of the step that is running.
struct Switchboard: ~Copyable {
    var directory: AgentDirectory
    var transactions: TransactionLayer
    var channels = ChannelTable()
    var health: [TrunkName: TrunkHealth] = [:]
    var rates: [TrunkName: CallRateBucket] = [:]
    var entropy: Entropy
    let timers: TimerSettings
    /// Who waits for an answer to a request of ours.
    var owners: [ClientTransactionID: TransactionOwner] = [:]
    /// Calls by our tag on one of their legs.
    var dialogs: [[UInt8]: CallID] = [:]
    /// Calls by what their caller calls them, while they are open.
    var callers: [CallerKey: CallID] = [:]
    var now = Moment(
        wall: WallInstant(nanoseconds: 0), monotonic: MonotonicInstant(nanoseconds: 0))
    var output = AgentOutput()
    private var callCounter: UInt32

    init(directory: AgentDirectory, entropy: Entropy, timers: TimerSettings) {
        self.directory = directory
        self.entropy = entropy
        self.timers = timers
        transactions = TransactionLayer(timers: timers)
        // A boot that follows within the same millisecond begins elsewhere.
        callCounter = UInt32(truncatingIfNeeded: self.entropy.next())
        for trunk in directory.trunks.values {
            if let limit = trunk.callsPerSecond { rates[trunk.name] = CallRateBucket(limit: limit) }
        }
    }

    mutating func nextCallID() -> CallID {
        callCounter &+= 1
        return CallID(startedAt: now.wall, counter: callCounter)
    }
}

/// Who waits for the answer to a request.
enum TransactionOwner: Hashable, Sendable {
    case call(CallID)
    case registration(TrunkName)
    case probe(TrunkName)
}

// Facts and messages.
extension Switchboard {
    mutating func record(_ event: Event) {
        output.record(event, at: now)
    }

    mutating func respond(
        _ transaction: ServerTransactionID, _ response: [UInt8], status: StatusCode,
        gate: SendGate
    ) {
        transactions.respond(
            transaction, response: response, status: status, gate: gate, at: now.monotonic,
            into: &output)
    }

    /// An answer without anything of its own.
    mutating func respond(
        _ transaction: ServerTransactionID, to request: SIPMessage, from source: Endpoint,
        status: UInt16, gate: SendGate = .open
    ) {
        let tag = entropy.tag()
        let writer = MessageWriter(
            responseTo: request, status: status, toTag: tag[...], source: source)
        respond(transaction, writer.finish(), status: .code(status), gate: gate)
    }

    mutating func send(
        _ request: [UInt8], _ method: Method, branch: [UInt8], from local: Endpoint,
        to remote: Endpoint, gate: SendGate, owner: TransactionOwner
    ) -> ClientTransactionID {
        let id = transactions.send(
            request: request, method: method, branch: branch, to: remote, from: local, gate: gate,
            at: now.monotonic, into: &output)
        owners[id] = owner
        return id
    }

    mutating func cancel(_ invite: ClientTransactionID, headers: [UInt8] = []) {
        transactions.cancel(invite, headers: headers, at: now.monotonic, into: &output)
    }
}

// Channels: each seizure and each release is recorded once.
extension Switchboard {
    /// `false`: the trunk has no channel, and that is recorded.
    mutating func seize(
        _ trunk: TrunkConfiguration, call: CallID, attempt: AttemptNumber,
        direction: CallDirection
    ) -> RefusalReason? {
        let seizure = channels.seize(
            trunk.name, call: call, attempt: attempt, direction: direction, limits: trunk.channels)
        switch seizure {
        case .seized(let inUse, let cap):
            record(
                .channelSeized(
                    ChannelSeized(
                        call: call, trunk: trunk.name, attempt: attempt, direction: direction,
                        inUse: inUse, cap: cap)))
            recordCapCrossing(trunk.name)
            return nil
        case .refused(let reason, let inUse, let cap):
            record(
                .channelRefused(
                    ChannelRefused(
                        call: call, trunk: trunk.name, direction: direction, reason: reason,
                        inUse: inUse, cap: cap)))
            return reason
        }
    }

    /// A trunk that is not asked for a channel, and why.
    mutating func refuse(_ trunk: TrunkConfiguration, call: CallID, reason: RefusalReason) {
        record(
            .channelRefused(
                ChannelRefused(
                    call: call, trunk: trunk.name, direction: .outbound, reason: reason,
                    inUse: channels.inUse(trunk.name), cap: trunk.channels.total)))
    }

    /// However often a leg's end is told, its channel is released once.
    mutating func release(_ trunk: TrunkName, call: CallID, attempt: AttemptNumber) {
        switch channels.release(trunk, call: call, attempt: attempt) {
        case .released(let inUse):
            record(
                .channelReleased(
                    ChannelReleased(call: call, trunk: trunk, attempt: attempt, inUse: inUse)))
            recordCapCrossing(trunk)
        case .notHeld:
            break
        }
    }

    mutating func recordCapCrossing(_ trunk: TrunkName) {
        guard let limits = directory.trunks[trunk]?.channels else { return }
        if let crossing = channels.capCrossing(of: trunk, limits: limits) { record(crossing) }
    }
}
