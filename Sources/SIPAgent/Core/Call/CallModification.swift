import TrunkEvents

/// A re-INVITE on its way from one leg to the other (RFC 3261 section 14).
///
/// ```
///  (re-INVITE) --> forwarded --2xx--> both legs changed; the ACK follows as for a first INVITE
///                      \------3xx-6xx--> nothing changed; the answer passes back
/// ```
struct Modification: Sendable {
    let initiator: Call.LegID
    let target: Call.LegID
    let server: ServerTransactionID
    let request: SIPMessage
    let source: Endpoint
    var client: ClientTransactionID
    var invite: SIPMessage
    var challengesAnswered = 0
}

extension Call {
    mutating func receivedReinvite(
        on id: LegID, _ transaction: ServerTransactionID, _ request: SIPMessage,
        from source: Endpoint, _ board: inout Switchboard
    ) {
        guard let target = peer(of: id), let leg = self[id], var other = self[target] else {
            board.respond(transaction, to: request, from: source, status: 481)
            return
        }
        if let status = refusalOfReinvite(on: id, leg, other) {
            var writer = MessageWriter(responseTo: request, status: status, source: source)
            if status == 500 {
                writer.header(.retryAfter, number: UInt32.random(in: 0...10, using: &board.entropy))
            }
            board.respond(transaction, writer.finish(), status: .code(status), gate: .open)
            return
        }
        guard let sent = board.forward(request, .invite, in: &other) else {
            board.respond(transaction, to: request, from: source, status: 513)
            return
        }
        let trying = MessageWriter(responseTo: request, status: 100, source: source)
        board.respond(transaction, trying.finish(), status: .code(100), gate: .open)
        self[target] = other
        modification = Modification(
            initiator: id, target: target, server: transaction, request: request, source: source,
            client: board.send(
                sent.bytes, .invite, branch: sent.branch, from: other.dialog.local,
                to: other.dialog.nextHop, gate: .open, owner: .call(self.id)),
            invite: sent.message)
    }

    /// Section 14.2: a second one from the same side gets 500, one that meets ours 491. A first
    /// INVITE whose ACK is still out counts as being in progress (section 14.1).
    private func refusalOfReinvite(on id: LegID, _ leg: Leg, _ other: Leg) -> UInt16? {
        if let modification { return modification.initiator == id ? 500 : 491 }
        if other.sentAnswer != nil { return 491 }
        if case .owed = leg.acknowledgement?.state { return 491 }
        return nil
    }

    mutating func modificationAnswered(_ response: SIPMessage, _ board: inout Switchboard) {
        guard let modification else { return }
        let status = StatusCode(response)
        if status.isProvisional {
            guard status.rawValue > 100 else { return }
            passBack(response, of: modification, &board)
        } else if status.isSuccess {
            modified(modification, response, status, &board)
        } else if !answerModificationChallenge(response, &board) {
            self.modification = nil
            passBack(response, of: modification, &board)
            if status.rawValue == 481 || status.rawValue == 408 {
                peerIsGone(modification.target, &board)
            }
        }
    }

    private mutating func modified(
        _ modification: Modification, _ response: SIPMessage, _ status: StatusCode,
        _ board: inout Switchboard
    ) {
        guard var leg = self[modification.initiator], var other = self[modification.target] else {
            preconditionFailure("a re-INVITE travels between two confirmed legs")
        }
        self.modification = nil
        board.record(
            .callModified(
                CallModified(
                    call: id, initiator: party(modification.initiator), code: status,
                    sequence: modification.request.cseq.number)))
        leg.dialog.refreshTarget(from: modification.request)
        other.dialog.refreshTarget(from: response)
        let bytes = answer(response, of: modification, board)
        board.respond(modification.server, bytes, status: status, gate: .end)
        leg.sentAnswer = SentAnswer(
            transaction: modification.server, request: modification.request, status: status,
            response: bytes, at: board.now.monotonic, timers: board.timers)
        other.acknowledgement = board.acknowledge(
            modification.invite, modification.client, in: other.dialog, gate: .end)
        self[modification.initiator] = leg
        self[modification.target] = other
    }

    private func answer(
        _ response: SIPMessage, of modification: Modification, _ board: borrowing Switchboard
    ) -> [UInt8] {
        var writer = MessageWriter(
            responseTo: modification.request, status: response.status ?? 500,
            reason: response.reasonPhrase, source: modification.source, recordRoute: true)
        let listener = self[modification.initiator]?.dialog.local ?? caller.listener
        writer.ownHeaders(contact: board.directory.contact(listener))
        return writer.finish(passing: response)
    }

    private func passBack(
        _ response: SIPMessage, of modification: Modification, _ board: inout Switchboard
    ) {
        let bytes = answer(response, of: modification, board)
        board.respond(modification.server, bytes, status: StatusCode(response), gate: .open)
    }

    private mutating func answerModificationChallenge(
        _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        guard var modification, var leg = self[modification.target],
            let again = board.answer(
                response, to: modification.invite.bytes, .invite,
                answered: modification.challengesAnswered,
                sequence: { leg.dialog.nextSequence() }, digest: &leg.digest,
                leg: (self, modification.target))
        else { return false }
        self[modification.target] = leg
        modification.challengesAnswered += 1
        modification.invite = again.message
        modification.client = board.send(
            again.bytes, .invite, branch: again.branch, from: leg.dialog.local,
            to: leg.dialog.nextHop, gate: .open, owner: .call(id))
        self.modification = modification
        return true
    }

    /// No answer to a re-INVITE within Timer B: the dialog is gone (section 12.2.1.2).
    mutating func modificationTimedOut(_ board: inout Switchboard) {
        guard let modification else { return }
        self.modification = nil
        board.respond(
            modification.server, to: modification.request, from: modification.source, status: 408)
        peerIsGone(modification.target, &board)
    }

    /// A peer does not know its dialog any more, so the call is over. It gets a BYE all the same:
    /// whoever still bills on that side hears it.
    mutating func peerIsGone(_ id: LegID, _ board: inout Switchboard) {
        guard !isEnded else { return }
        end(by: side(of: id), .finalResponse, cause: .recoveryOnTimerExpiry, &board)
    }
}

extension Switchboard {
    /// A request of one leg as a request of the other; `nil` when it would be too large.
    mutating func forward(
        _ request: SIPMessage, _ method: Method, in leg: inout Leg
    ) -> OutgoingRequest? {
        let branch = entropy.branch()
        let sequence = leg.dialog.nextSequence()
        var writer = leg.dialog.request(
            method, sequence: sequence, sentBy: directory.sentBy(leg.dialog.local), branch: branch)
        authorize(&writer, method, uri: leg.dialog.remoteTarget, &leg.digest)
        if method == .invite || method == .update {
            writer.ownHeaders(contact: directory.contact(leg.dialog.local))
        }
        return OutgoingRequest(writer.finish(passing: request), branch: branch)
    }
}
