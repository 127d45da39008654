import TrunkEvents

@testable import SIPAgent

/// What may be on the wire, given what is on disk (promise 1), and one final answer per INVITE.
struct WirePromises {
    private struct InviteKey: Hashable {
        let branch: [UInt8]
        let callID: [UInt8]
        let sequence: UInt32
    }

    private struct FinalAnswer {
        let status: UInt16
        let life: Int
        /// It left before its fact was durable, so that a crash may forget it.
        let outranLog: Bool
    }

    /// An end may outrun the log by this (promise 1), less the tick of a timer.
    private static let patience = Nanoseconds.milliseconds(199)

    private let peers: Set<Endpoint>
    private var finals: [InviteKey: FinalAnswer] = [:]
    private var inviteBranches: Set<[UInt8]> = []

    init(peers: [Endpoint]) {
        self.peers = Set(peers)
    }

    /// A message leaves in the agent's nth life. `recorded` are the facts that the agent has made
    /// known, `durable` those on disk.
    mutating func check(
        _ message: OutgoingMessage, recorded: KnownFacts, durable: KnownFacts, life: Int,
        at now: MonotonicInstant
    ) -> String? {
        guard let parsed = SIPMessage(own: message.bytes) else {
            return "unreadable: \(Octets(message.bytes))"
        }
        guard peers.contains(message.remote) else { return "a stranger got \(name(parsed))" }
        let callID = Octets(Array(parsed.callID))
        let ended = endIsTooEarly(callID, recorded, durable, now)
        switch parsed.method {
        case .invite where parsed.to.tag != nil:
            inviteBranches.insert(Array(parsed.topVia.branch ?? []))
            return nil
        case .invite:
            let isNew = inviteBranches.insert(Array(parsed.topVia.branch ?? [])).inserted
            return checkInvite(callID, recorded, durable, isNew: isNew)
        case .ack: return checkAck(parsed, callID, recorded, durable)
        case .bye:
            // That of a second callee belongs to no fact.
            let tag = recorded.calledTags[callID]
            let isFork = tag.map { !$0.bytes.elementsEqual(parsed.to.tag ?? []) } ?? false
            return ended && !isFork ? "BYE outran the end of \(callID)" : nil
        case nil where parsed.cseq.method == .invite:
            // Once a call is answered, what is refused is a re-INVITE.
            let isFirst = call(callID, recorded).map { !recorded.answered.contains($0) } ?? true
            return checkAnswer(
                parsed, callID, durable, isEarly: ended && isFirst,
                outranLog: outranLog(callID, recorded, durable), life)
        case nil where parsed.cseq.method == .bye && parsed.status == 200:
            return ended ? "200 to BYE outran the end of \(callID)" : nil
        default: return nil
        }
    }

    private func name(_ message: SIPMessage) -> String {
        let status = message.status.map { "\($0) " } ?? ""
        return "\(status)\(message.cseq.method.name)"
    }

    /// Once its call is over, an INVITE that waited for the disk does not leave any more.
    private func checkInvite(
        _ callID: Octets, _ recorded: KnownFacts, _ durable: KnownFacts, isNew: Bool
    ) -> String? {
        guard let slot = durable.calledLegs[callID] else {
            return "INVITE \(callID) left before its attempt was on disk"
        }
        if isNew, recorded.ended[slot.call] != nil { return "INVITE of \(slot) left after its end" }
        // The dialer's leg of an inbound call may outlive the carrier's, whose channel it is.
        guard durable.trunkLegs[callID] != nil else { return nil }
        return durable.held[slot] == nil ? "INVITE of \(slot) left without a channel" : nil
    }

    /// The ACK of a refusal has its INVITE's branch, and waits for nothing. That of a second callee
    /// belongs to no fact.
    private func checkAck(
        _ ack: SIPMessage, _ callID: Octets, _ recorded: KnownFacts, _ durable: KnownFacts
    ) -> String? {
        if inviteBranches.contains(Array(ack.topVia.branch ?? [])) { return nil }
        guard let slot = recorded.calledLegs[callID], let tag = recorded.calledTags[callID],
            tag.bytes.elementsEqual(ack.to.tag ?? [])
        else { return nil }
        return durable.calledTags[callID] == nil ? "ACK of \(slot) outran its answer" : nil
    }

    private mutating func checkAnswer(
        _ response: SIPMessage, _ callID: Octets, _ durable: KnownFacts, isEarly: Bool,
        outranLog: Bool, _ life: Int
    ) -> String? {
        let status = response.status ?? 0
        guard status >= 200 else { return nil }
        let key = InviteKey(
            branch: Array(response.topVia.branch ?? []), callID: Array(response.callID),
            sequence: response.cseq.number)
        if let before = finals[key] {
            if before.status == status { return nil }
            let isForgotten = before.outranLog && before.life < life
            if !isForgotten { return "INVITE \(callID) got \(before.status), then \(status)" }
        }
        finals[key] = FinalAnswer(status: status, life: life, outranLog: outranLog)
        guard status < 300 else {
            return isEarly ? "\(status) outran the end of \(callID)" : nil
        }
        let call = durable.callers[callID] ?? durable.calledLegs[callID]?.call
        guard let call, durable.answered.contains(call) else {
            return "2xx of \(callID) left before the answer was on disk"
        }
        return nil
    }

    private func call(_ callID: Octets, _ facts: KnownFacts) -> CallID? {
        facts.callers[callID] ?? facts.calledLegs[callID]?.call
    }

    private func outranLog(
        _ callID: Octets, _ recorded: KnownFacts, _ durable: KnownFacts
    ) -> Bool {
        guard let call = call(callID, recorded) else { return true }
        return durable.ended[call] == nil
    }

    private func endIsTooEarly(
        _ callID: Octets, _ recorded: KnownFacts, _ durable: KnownFacts, _ now: MonotonicInstant
    ) -> Bool {
        guard let call = call(callID, recorded), let since = recorded.ended[call],
            durable.ended[call] == nil, !recorded.leavers.contains(callID)
        else { return false }
        // The BYE of an attempt that had been given up waits from its late answer on, and for that.
        if durable.answeredTooLate[callID] != nil { return false }
        let begin = recorded.answeredTooLate[callID].map { min($0, since) } ?? since
        return begin.duration(to: now) < Self.patience
    }
}
