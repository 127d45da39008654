import TrunkEvents

/// One server transaction with the response that it repeats.
struct ServerTransaction: ~Copyable {
    enum Machine: ~Copyable {
        case invite(InviteServerTransaction)
        case nonInvite(NonInviteServerTransaction)
    }

    var machine: Machine
    let key: ServerTransactionKey
    /// The last response; empty while there is none and once nothing is sent again.
    var response: [UInt8] = []
    /// Where responses go (RFC 3261 section 18.2.2, RFC 3581 section 4).
    let remote: Endpoint
    let local: Endpoint
    /// Timer G.
    var resendTimer: TimerID?
    /// The timer that ends the present state.
    var endTimer: TimerID?

    func outgoing(_ gate: SendGate) -> OutgoingMessage {
        OutgoingMessage(bytes: response, local: local, remote: remote, gate: gate)
    }
}

extension ServerTransaction.Machine {
    /// Whether a retransmitted request is answered with the last response.
    mutating func receiveRequest() -> Bool {
        switch consume self {
        case .invite(var invite):
            let action = invite.receiveInvite()
            self = .invite(invite)
            return action == .resend
        case .nonInvite(var nonInvite):
            let action = nonInvite.receiveRequest()
            self = .nonInvite(nonInvite)
            return action == .resend
        }
    }

    mutating func receiveAck(_ timers: TransactionTimers) -> InviteServerTransaction.AckAction {
        switch consume self {
        case .invite(var invite):
            let action = invite.receiveAck(timers)
            self = .invite(invite)
            return action
        case .nonInvite:
            preconditionFailure("an ACK is looked for among INVITEs")
        }
    }

    enum RespondAction: Equatable {
        case invite(InviteServerTransaction.RespondAction)
        case nonInvite(NonInviteServerTransaction.RespondAction)
    }

    mutating func respond(_ status: StatusCode, _ timers: TransactionTimers) -> RespondAction {
        switch consume self {
        case .invite(var invite):
            let action = invite.respond(status, timers)
            self = .invite(invite)
            return .invite(action)
        case .nonInvite(var nonInvite):
            let action = nonInvite.respond(status, timers)
            self = .nonInvite(nonInvite)
            return .nonInvite(action)
        }
    }

    mutating func fire(_ timer: ServerTimer, _ timers: TransactionTimers) -> TimerAction {
        switch consume self {
        case .invite(var invite):
            let action = invite.fire(timer, timers)
            self = .invite(invite)
            return action
        case .nonInvite(var nonInvite):
            let action = nonInvite.fire(timer)
            self = .nonInvite(nonInvite)
            return action
        }
    }
}

/// The server transactions of one layer: finds them, runs their machines, does what those say.
struct ServerTransactions: ~Copyable {
    private var transactions = Slab<ServerTransaction>()
    private var slots: [Fingerprint: SlotID] = [:]
    private let timers: TimerSettings

    init(timers: TimerSettings) {
        self.timers = timers
    }

    private func timers(of slot: SlotID) -> TransactionTimers {
        TransactionTimers(timers, isReliable: transactions[slot].remote.transport != .udp)
    }

    var count: Int { transactions.count }

    private func slot(of key: ServerTransactionKey) -> SlotID? {
        guard let slot = slots[Fingerprint(of: key)], transactions[slot].key == key else {
            return nil
        }
        return slot
    }

    mutating func receive(
        _ request: SIPMessage, _ method: Method, from remote: Endpoint, on local: Endpoint,
        clock: inout TransactionClock, into output: inout AgentOutput
    ) -> TransactionEvent {
        if method == .ack { return receiveAck(request, &clock) }
        let key = ServerTransactionKey(of: request, as: method)
        if let slot = slot(of: key) {
            if transactions[slot].machine.receiveRequest() {
                output.send(transactions[slot].outgoing(.open))
            }
            return .absorbed
        }
        let id = ServerTransactionID(slot: insert(request, key, remote, local))
        guard method == .cancel else { return .request(id, request) }
        let invite = slot(of: ServerTransactionKey(of: request, as: .invite))
        return .cancel(id, of: invite.map(ServerTransactionID.init), request)
    }

    private mutating func insert(
        _ request: SIPMessage, _ key: ServerTransactionKey, _ remote: Endpoint, _ local: Endpoint
    ) -> SlotID {
        let key = key.detached
        let slot = transactions.insert(
            ServerTransaction(
                machine: key.method == .invite
                    ? .invite(InviteServerTransaction())
                    : .nonInvite(NonInviteServerTransaction()),
                key: key, remote: request.responseDestination(source: remote), local: local))
        slots[Fingerprint(of: key)] = slot
        return slot
    }
}

// ACK (section 17.2.3).
extension ServerTransactions {
    private mutating func receiveAck(
        _ ack: SIPMessage, _ clock: inout TransactionClock
    ) -> TransactionEvent {
        let key = ServerTransactionKey(of: ack, as: .invite)
        guard let slot = slot(of: key), !key.isLegacy || acknowledges(ack, slot) else {
            return .ack(ack)
        }
        switch transactions[slot].machine.receiveAck(timers(of: slot)) {
        case .absorb:
            return .absorbed
        case .report:
            return .ack(ack)
        case .confirm(let timerI):
            clock.stop(&transactions[slot].resendTimer)
            startEnd(slot, .i, timerI, &clock)
            if !key.isLegacy { transactions[slot].response = [] }
            return .absorbed
        }
    }

    /// An RFC 2543 client's ACK for a 2xx matches its INVITE in all but the To tag.
    private func acknowledges(_ ack: SIPMessage, _ slot: SlotID) -> Bool {
        guard let response = try? SIPMessage(parsing: transactions[slot].response),
            let expected = response.to.tag
        else { return true }
        return ack.to.tag.map { Array($0) == Array(expected) } ?? false
    }
}

extension ServerTransactions {
    mutating func respond(
        _ slot: SlotID, _ response: [UInt8], _ status: StatusCode, _ gate: SendGate,
        clock: inout TransactionClock, into output: inout AgentOutput
    ) {
        guard transactions.contains(slot) else { return }
        let action = transactions[slot].machine.respond(status, timers(of: slot))
        switch action {
        case .invite(.discard), .nonInvite(.discard):
            return
        case .invite(.send), .nonInvite(.send), .invite(.sendAgain):
            break
        case .invite(.accept(let timerL)):
            startEnd(slot, .l, timerL, &clock)
        case .invite(.complete(let timerG, let timerH)):
            if let timerG { startResend(slot, timerG, &clock) }
            startEnd(slot, .h, timerH, &clock)
        case .nonInvite(.complete(let timerJ)):
            startEnd(slot, .j, timerJ, &clock)
        }
        transactions[slot].response = response
        output.send(transactions[slot].outgoing(gate))
        // In Accepted the transaction user repeats the 2xx (RFC 6026 section 7.1).
        if transactions[slot].key.method == .invite, status.isSuccess {
            transactions[slot].response = []
        }
    }

    private mutating func startResend(
        _ slot: SlotID, _ delay: Nanoseconds, _ clock: inout TransactionClock
    ) {
        transactions[slot].resendTimer = clock.start(.server(slot, .g), after: delay)
    }

    private mutating func startEnd(
        _ slot: SlotID, _ timer: ServerTimer, _ delay: Nanoseconds,
        _ clock: inout TransactionClock
    ) {
        clock.stop(&transactions[slot].endTimer)
        transactions[slot].endTimer = clock.start(.server(slot, timer), after: delay)
    }

    mutating func fire(
        _ timer: ServerTimer, of slot: SlotID, clock: inout TransactionClock,
        into output: inout AgentOutput
    ) -> TransactionTimeout? {
        switch transactions[slot].machine.fire(timer, timers(of: slot)) {
        case .ignore:
            return nil
        case .retransmit(let again):
            startResend(slot, again, &clock)
            output.send(transactions[slot].outgoing(.open))
            return nil
        case .timedOut:
            remove(slot, &clock)
            return .noAck(ServerTransactionID(slot: slot))
        case .ended:
            remove(slot, &clock)
            return nil
        }
    }

    mutating func answerOnce(
        _ slot: SlotID, _ response: [UInt8], clock: inout TransactionClock,
        into output: inout AgentOutput
    ) {
        guard transactions.contains(slot) else { return }
        transactions[slot].response = response
        output.send(transactions[slot].outgoing(.open))
        remove(slot, &clock)
    }

    private mutating func remove(_ slot: SlotID, _ clock: inout TransactionClock) {
        clock.stop(&transactions[slot].resendTimer)
        clock.stop(&transactions[slot].endTimer)
        slots[Fingerprint(of: transactions[slot].key)] = nil
        _ = transactions.remove(slot)
    }
}
