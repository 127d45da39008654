import TrunkEvents

/// One client transaction with what it sends again. A transaction that lingers keeps the ACK of a
/// refusal and no other message.
struct ClientTransaction: ~Copyable {
    enum Machine: ~Copyable {
        case invite(InviteClientTransaction)
        case nonInvite(NonInviteClientTransaction)
    }

    var machine: Machine
    let key: ClientTransactionKey
    /// The request; the ACK after a refusal of an INVITE; empty once nothing is sent again.
    var message: [UInt8]
    var remote: Endpoint
    var local: Endpoint
    var datagram: DatagramForm?
    /// Header lines of the CANCEL that waits for a provisional response.
    var cancelHeaders: [UInt8] = []
    /// It was taken up after a restart, and nothing was heard of it since.
    var isUnheard = false
    /// Timer A or E.
    var resendTimer: TimerID?
    /// The timer that ends the present state.
    var endTimer: TimerID?

    func outgoing(_ gate: SendGate) -> OutgoingMessage {
        OutgoingMessage(bytes: message, local: local, remote: remote, gate: gate)
    }
}

/// What a request that went over a stream for its size only is as a datagram. Few transactions have
/// one, and many linger: so it lies outside of them.
final class DatagramForm: Sendable {
    let message: OutgoingMessage

    init(_ message: OutgoingMessage) {
        self.message = message
    }
}

extension ClientTransaction.Machine {
    var isUnanswered: Bool {
        switch self {
        case .invite(let invite): invite.isUnanswered
        case .nonInvite(let nonInvite): nonInvite.isUnanswered
        }
    }

    enum ResponseAction: Equatable {
        case invite(InviteClientTransaction.ResponseAction)
        case nonInvite(NonInviteClientTransaction.ResponseAction)
    }

    enum Start {
        case invite(InviteClientTransaction.Start)
        case nonInvite(NonInviteClientTransaction.Start)
    }

    func start(_ timers: TransactionTimers) -> Start {
        switch self {
        case .invite(let invite): .invite(invite.start(timers))
        case .nonInvite(let nonInvite): .nonInvite(nonInvite.start(timers))
        }
    }

    mutating func receive(_ status: StatusCode, _ timers: TransactionTimers) -> ResponseAction {
        switch consume self {
        case .invite(var invite):
            let action = invite.receive(status, timers)
            self = .invite(invite)
            return .invite(action)
        case .nonInvite(var nonInvite):
            let action = nonInvite.receive(status, timers)
            self = .nonInvite(nonInvite)
            return .nonInvite(action)
        }
    }

    mutating func cancel(_ timers: TransactionTimers) -> InviteClientTransaction.CancelAction {
        switch consume self {
        case .invite(var invite):
            let action = invite.cancel(timers)
            self = .invite(invite)
            return action
        case .nonInvite:
            preconditionFailure("only an INVITE is cancelled (RFC 3261 section 9.1)")
        }
    }

    mutating func fire(_ timer: ClientTimer, _ timers: TransactionTimers) -> TimerAction {
        switch consume self {
        case .invite(var invite):
            let action = invite.fire(timer)
            self = .invite(invite)
            return action
        case .nonInvite(var nonInvite):
            let action = nonInvite.fire(timer, timers)
            self = .nonInvite(nonInvite)
            return action
        }
    }
}

/// The client transactions of one layer: finds them, runs their machines, does what those say.
struct ClientTransactions: ~Copyable {
    private var transactions = Slab<ClientTransaction>()
    private var slots: [Fingerprint: SlotID] = [:]
    private let timers: TimerSettings

    init(timers: TimerSettings) {
        self.timers = timers
    }

    private func timers(of slot: SlotID) -> TransactionTimers {
        timers(to: transactions[slot].remote)
    }

    private func timers(to remote: Endpoint) -> TransactionTimers {
        TransactionTimers(timers, isReliable: remote.transport != .udp)
    }

    var count: Int { transactions.count }

    private func slot(of key: ClientTransactionKey) -> SlotID? {
        guard let slot = slots[Fingerprint(of: key)], transactions[slot].key == key else {
            return nil
        }
        return slot
    }

    mutating func send(
        _ request: OutgoingMessage, orAsDatagram datagram: OutgoingMessage? = nil,
        key: ClientTransactionKey, clock: inout TransactionClock, into output: inout AgentOutput
    ) -> SlotID {
        precondition(key.method != .ack, "an ACK has no transaction of its own")
        precondition(slot(of: key) == nil, "a branch is used for one transaction")
        let timers = timers(to: request.remote)
        let slot =
            key.method == .invite
            ? insert(.invite(InviteClientTransaction(timers)), request, key)
            : insert(.nonInvite(NonInviteClientTransaction(timers)), request, key)
        transactions[slot].datagram = datagram.map { DatagramForm($0) }
        slots[Fingerprint(of: key)] = slot
        start(slot, timers, &clock)
        output.send(request)
        return slot
    }

    private mutating func start(
        _ slot: SlotID, _ timers: TransactionTimers, _ clock: inout TransactionClock
    ) {
        switch transactions[slot].machine.start(timers) {
        case .invite(let start):
            if let delay = start.timerA { startResend(slot, .a, delay, &clock) }
            startEnd(slot, .b, start.timerB, &clock)
        case .nonInvite(let start):
            if let delay = start.timerE { startResend(slot, .e, delay, &clock) }
            startEnd(slot, .f, start.timerF, &clock)
        }
    }

    /// An INVITE that left before a restart. Nothing is sent.
    mutating func resume(_ invite: OutgoingMessage, key: ClientTransactionKey) -> SlotID {
        precondition(slot(of: key) == nil, "a branch is used for one transaction")
        let slot = insert(.invite(.resumed), invite, key)
        transactions[slot].isUnheard = true
        slots[Fingerprint(of: key)] = slot
        return slot
    }

    private mutating func insert(
        _ machine: consuming ClientTransaction.Machine, _ request: OutgoingMessage,
        _ key: ClientTransactionKey
    ) -> SlotID {
        transactions.insert(
            ClientTransaction(
                machine: machine, key: key, message: request.bytes, remote: request.remote,
                local: request.local))
    }
}

// Responses.
extension ClientTransactions {
    mutating func receive(
        _ response: SIPMessage, status: StatusCode, clock: inout TransactionClock,
        into output: inout AgentOutput
    ) -> TransactionEvent {
        guard let branch = response.topVia.branch,
            let slot = slot(
                of: ClientTransactionKey(branch: branch, method: response.cseq.method))
        else { return .strayResponse(response) }
        transactions[slot].isUnheard = false
        // The layer cancels on its own; nobody waits for the answer.
        let reported: TransactionEvent =
            transactions[slot].key.method == .cancel
            ? .absorbed : .response(ClientTransactionID(slot: slot), response)
        switch transactions[slot].machine.receive(status, timers(of: slot)) {
        case .invite(let action):
            return perform(action, slot, response, reported, &clock, &output)
        case .nonInvite(.absorb):
            return .absorbed
        case .nonInvite(.report):
            return reported
        case .nonInvite(.complete(let timerK)):
            clock.stop(&transactions[slot].resendTimer)
            startEnd(slot, .k, timerK, &clock)
            transactions[slot].message = []
            if status == .code(481), let invite = unheardInvite(of: slot) {
                _ = remove(invite, &clock)
                return .unknown(ClientTransactionID(slot: invite))
            }
            return reported
        }
    }

    /// The INVITE that a CANCEL was for, where it is one of before a restart.
    private func unheardInvite(of cancel: SlotID) -> SlotID? {
        let key = transactions[cancel].key
        guard key.method == .cancel,
            let invite = slot(of: ClientTransactionKey(branch: key.branch, method: .invite)),
            transactions[invite].isUnheard
        else { return nil }
        return invite
    }

    private mutating func perform(
        _ action: InviteClientTransaction.ResponseAction, _ slot: SlotID, _ response: SIPMessage,
        _ reported: TransactionEvent, _ clock: inout TransactionClock,
        _ output: inout AgentOutput
    ) -> TransactionEvent {
        switch action {
        case .absorb:
            return .absorbed
        case .report:
            return reported
        case .stray:
            return .strayResponse(response)
        case .proceed(let patience):
            clock.stop(&transactions[slot].resendTimer)
            clock.stop(&transactions[slot].endTimer)
            if let patience { sendCancel(slot, patience, &clock, &output) }
            return reported
        case .accept(let timerM):
            clock.stop(&transactions[slot].resendTimer)
            startEnd(slot, .m, timerM, &clock)
            transactions[slot].message = []
            return reported
        case .acknowledge(let timerD):
            clock.stop(&transactions[slot].resendTimer)
            startEnd(slot, .d, timerD, &clock)
            transactions[slot].message = Self.ack(transactions[slot].message, response)
            sendAgain(slot, &output)
            return reported
        case .acknowledgeAgain:
            sendAgain(slot, &output)
            return .absorbed
        }
    }

    /// Section 17.1.1.3. Empty when our own INVITE cannot be read back; then the server gives up
    /// at its Timer H.
    private static func ack(_ invite: [UInt8], _ response: SIPMessage) -> [UInt8] {
        guard let invite = try? SIPMessage(parsing: invite) else { return [] }
        return MessageWriter.ack(for: invite, response: response)
    }

    private mutating func sendAgain(_ slot: SlotID, _ output: inout AgentOutput) {
        guard !transactions[slot].message.isEmpty else { return }
        output.send(transactions[slot].outgoing(.open))
    }
}

// CANCEL (section 9.1).
extension ClientTransactions {
    mutating func cancel(
        _ slot: SlotID, headers: [UInt8], clock: inout TransactionClock,
        into output: inout AgentOutput
    ) {
        guard transactions.contains(slot) else { return }
        switch transactions[slot].machine.cancel(timers(of: slot)) {
        case .ignore:
            break
        case .hold:
            transactions[slot].cancelHeaders = headers
            output.withdraw(
                Withdrawal(
                    of: transactions[slot].outgoing(.open),
                    transaction: ClientTransactionID(slot: slot)))
        case .send(let patience):
            transactions[slot].cancelHeaders = headers
            sendCancel(slot, patience, &clock, &output)
        }
    }

    /// The INVITE never left: nobody will answer it.
    mutating func withdraw(_ slot: SlotID, clock: inout TransactionClock) {
        guard transactions.contains(slot) else { return }
        _ = remove(slot, &clock)
    }

    private mutating func sendCancel(
        _ slot: SlotID, _ patience: Nanoseconds, _ clock: inout TransactionClock,
        _ output: inout AgentOutput
    ) {
        startEnd(slot, .cancelled, patience, &clock)
        guard let invite = try? SIPMessage(parsing: transactions[slot].message) else { return }
        var writer = MessageWriter.cancel(for: invite)
        writer.append(transactions[slot].cancelHeaders)
        transactions[slot].cancelHeaders = []
        var request = transactions[slot].outgoing(.end)
        request.bytes = writer.finish()
        let key = ClientTransactionKey(branch: transactions[slot].key.branch, method: .cancel)
        _ = send(request, key: key, clock: &clock, into: &output)
    }
}

// Timers.
extension ClientTransactions {
    private mutating func startResend(
        _ slot: SlotID, _ timer: ClientTimer, _ delay: Nanoseconds,
        _ clock: inout TransactionClock
    ) {
        transactions[slot].resendTimer = clock.start(.client(slot, timer), after: delay)
    }

    private mutating func startEnd(
        _ slot: SlotID, _ timer: ClientTimer, _ delay: Nanoseconds,
        _ clock: inout TransactionClock
    ) {
        clock.stop(&transactions[slot].endTimer)
        transactions[slot].endTimer = clock.start(.client(slot, timer), after: delay)
    }

    mutating func fire(
        _ timer: ClientTimer, of slot: SlotID, clock: inout TransactionClock,
        into output: inout AgentOutput
    ) -> TransactionTimeout? {
        switch transactions[slot].machine.fire(timer, timers(of: slot)) {
        case .ignore:
            return nil
        case .retransmit(let again):
            startResend(slot, timer, again, &clock)
            sendAgain(slot, &output)
            return nil
        case .timedOut:
            let method = remove(slot, &clock)
            return method == .cancel ? nil : .clientTimedOut(ClientTransactionID(slot: slot))
        case .ended:
            _ = remove(slot, &clock)
            return timer == .m ? .inviteEnded(ClientTransactionID(slot: slot)) : nil
        }
    }

    /// No connection took the request. One that went over a stream for its size only goes as a
    /// datagram after all (RFC 3261 section 18.1.1); any other has failed (section 17.1.4), unless
    /// the peer was heard of meanwhile.
    mutating func undelivered(
        _ key: ClientTransactionKey, clock: inout TransactionClock, into output: inout AgentOutput
    ) -> TransactionTimeout? {
        guard let slot = slot(of: key), transactions[slot].machine.isUnanswered else { return nil }
        if let datagram = transactions[slot].datagram?.message {
            transactions[slot].datagram = nil
            transactions[slot].message = datagram.bytes
            transactions[slot].remote = datagram.remote
            transactions[slot].local = datagram.local
            start(slot, timers(of: slot), &clock)
            sendAgain(slot, &output)
            return nil
        }
        let method = remove(slot, &clock)
        return method == .cancel ? nil : .clientUnreachable(ClientTransactionID(slot: slot))
    }

    private mutating func remove(_ slot: SlotID, _ clock: inout TransactionClock) -> Method {
        clock.stop(&transactions[slot].resendTimer)
        clock.stop(&transactions[slot].endTimer)
        let key = transactions[slot].key
        slots[Fingerprint(of: key)] = nil
        _ = transactions.remove(slot)
        return key.method
    }
}
