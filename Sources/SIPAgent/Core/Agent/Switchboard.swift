import TrunkEvents

/// What the calls share, and all they can do to the world: record a fact, send, hold a channel.
///
/// `now` and `output` are those of the step that is running.
struct Switchboard: ~Copyable, Sendable {
    var directory: AgentDirectory
    var transactions: TransactionLayer
    var trunks: TrunkTable
    var entropy: Entropy
    let timers: TimerSettings
    var routing = RouteSelector()
    /// Who waits for an answer to a request of ours.
    var owners: [ClientTransactionID: TransactionOwner] = [:]
    /// Calls by our tag on one of their legs.
    var dialogs = DialogTable()
    /// Calls by what their caller calls them, while they are open.
    var callers: [CallerKey: CallID] = [:]
    var streamRefusals = StreamRefusals()
    /// What calls say to each other, until the end of the step.
    var mail: [CallMail] = []
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
        // Until the start nothing is due; then all trunks begin anew.
        trunks = TrunkTable(
            directory.configuration, at: MonotonicInstant(nanoseconds: 0), entropy: &self.entropy)
    }

    /// A leg that was transferred is another call's.
    mutating func forget(_ localTag: [UInt8], of call: CallID) {
        if dialogs[localTag] == call { dialogs[localTag] = nil }
    }

    mutating func nextCallID() -> CallID {
        callCounter &+= 1
        return CallID(startedAt: now.wall, counter: callCounter)
    }
}

/// Who waits for the answer to a request.
enum TransactionOwner: Hashable, Sendable {
    case call(CallID)
    case trunk(TrunkRequestID)
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
        let message = fromFittingListener(
            OutgoingMessage(bytes: request, local: local, remote: remote, gate: gate))
        let stream = streamForm(of: message)
        let id = transactions.send(
            stream ?? message, orAsDatagram: stream == nil ? nil : message, method: method,
            branch: branch, at: now.monotonic, into: &output)
        owners[id] = owner
        return id
    }

    mutating func cancel(_ invite: ClientTransactionID, headers: [UInt8] = []) {
        transactions.cancel(invite, headers: headers, at: now.monotonic, into: &output)
    }
}

// Channels: each seizure and each release is recorded once.
extension Switchboard {
    /// What a trunk says to a call that asks for a channel. A seizure and a refusal are recorded.
    enum Admission: Hashable, Sendable {
        case seized
        /// The call stands in line for its turn. Then `stopWaiting`, and ask as the next one.
        case wait(until: MonotonicInstant)
        case refused(RefusalReason)
    }

    mutating func admit(
        _ call: CallID, to trunk: TrunkName, attempt: AttemptNumber, direction: CallDirection,
        urgency: CallUrgency = .ordinary, isNext: Bool = false
    ) -> Admission {
        let admission = trunks.admit(
            trunk, call: call, attempt: attempt, direction: direction, urgency: urgency,
            isNext: isNext, at: now.monotonic)
        switch admission {
        case .seized(let inUse, let cap, let then):
            record(
                .channelSeized(
                    ChannelSeized(
                        call: call, trunk: trunk, attempt: attempt, direction: direction,
                        inUse: inUse, cap: cap)))
            for event in then { record(event) }
            return .seized
        case .wait(let until):
            return .wait(until: until)
        case .refused(let reason, let inUse, let cap):
            record(
                .channelRefused(
                    ChannelRefused(
                        call: call, trunk: trunk, direction: direction, reason: reason,
                        inUse: inUse, cap: cap)))
            return .refused(reason)
        }
    }

    /// However often a leg's end is told, its channel is released once.
    mutating func release(_ trunk: TrunkName, call: CallID, attempt: AttemptNumber) {
        let release = trunks.release(trunk, call: call, attempt: attempt)
        switch release.answer {
        case .released(let inUse):
            record(
                .channelReleased(
                    ChannelReleased(call: call, trunk: trunk, attempt: attempt, inUse: inUse)))
            for event in release.then { record(event) }
        case .notHeld:
            break
        }
    }

    /// What became of a call speaks of its trunk, and so does the answer that ended it.
    mutating func note(
        _ result: CallHealth.Result,
        _ refusal: (response: SIPMessage, host: Endpoint)? = nil, of trunk: TrunkName
    ) {
        for event in trunks.note(result, refusal, of: trunk, at: now.monotonic) { record(event) }
    }

    /// A host of a trunk did not serve a call: it did not answer, or it refused.
    mutating func noteFailure(
        of hop: Endpoint, _ trunk: TrunkName, refusing response: SIPMessage? = nil
    ) {
        let event = trunks.fail(hop, of: trunk, refusing: response, at: now.monotonic)
        if let event { record(event) }
    }

    /// Does what the trunks want done between calls: registrations and probes.
    mutating func perform(_ actions: [TrunkAction]) {
        for action in actions {
            switch action {
            case .record(let event):
                record(event)
            case .send(let request):
                let branch = entropy.branch()
                let via = ViaHead(
                    transport: ViaTransport(request.local.transport),
                    sentBy: directory.sentBy(request.local)[...], branch: branch[...])
                _ = send(
                    request.message(via: via), request.method, branch: branch,
                    from: request.local, to: request.remote, gate: .open,
                    owner: .trunk(request.id))
            }
        }
    }
}
