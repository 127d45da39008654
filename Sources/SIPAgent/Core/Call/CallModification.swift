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
    var challengesAnswered = ChallengeTally()
    /// It left before a restart and was sent again: its answer may be one of before too, which the
    /// peer's transaction repeats, and proves no life.
    var isRepeated = false
}

extension Call {
    mutating func receivedReinvite(
        on id: LegID, _ transaction: ServerTransactionID, _ request: SIPMessage,
        from source: Endpoint, _ board: inout Switchboard
    ) {
        guard let target = peer(of: id), var other = self[target] else {
            board.respond(transaction, to: request, from: source, status: 481)
            return
        }
        if refusesOffer(in: request, on: id, to: target, transaction, from: source, &board) {
            return
        }
        board.reserveSequences(of: &other, home(of: target))
        guard let sent = board.forward(request, .invite, in: &other) else {
            board.respond(transaction, to: request, from: source, status: 513)
            return
        }
        let trying = MessageWriter(responseTo: request, status: 100, source: source)
        board.respond(transaction, trying.finish(), status: .code(100), gate: .open)
        self[target] = other
        recordModification(by: id, request, from: source, as: sent.message, &board)
        modification = Modification(
            initiator: id, target: target, server: transaction, request: request, source: source,
            client: board.send(
                sent.bytes, .invite, branch: sent.branch, from: other.dialog.local,
                to: board.nextHop(of: other.dialog), gate: .end, owner: .call(self.id)),
            invite: sent.message)
    }

    private func recordModification(
        by initiator: LegID, _ request: SIPMessage, from source: Endpoint,
        as invite: SIPMessage, _ board: inout Switchboard
    ) {
        // Of two calls that became one it is not sent again after a restart.
        guard caller.origin == nil else { return }
        board.record(
            .modificationSent(
                ModificationSent(
                    call: id, initiator: party(initiator), source: source,
                    request: Octets(request.bytes), invite: Octets(invite.bytes))))
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
            modificationFailed(modification, status, &board)
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
        leg.dialog.refreshTarget(from: modification.request)
        other.dialog.refreshTarget(from: response)
        self[modification.initiator] = leg
        self[modification.target] = other
        let before = (leg.timer, other.timer)
        // Whatever this leg offered or answered is what a refresh would repeat.
        leg.timer = timer(
            answering: modification.request, on: modification.initiator, session: response.body,
            board)
        if let timer = other.timer {
            let session = modification.invite.body
            other.timer = SessionTimer(
                answeredWith: response, session: session.isEmpty ? timer.session[...] : session,
                minimum: timer.minimum, at: board.now)
        }
        let bytes = answer(response, of: modification, leg.timer, board)
        recordChange(
            by: modification.initiator, modification.request, status, response: bytes, &board)
        recordTimer(of: modification.initiator, leg.timer, before: before.0, &board)
        recordTimer(of: modification.target, other.timer, before: before.1, &board)
        if !modification.isRepeated { heard(from: modification.target, &board) }
        board.respond(modification.server, bytes, status: status, gate: .end)
        leg.sentAnswer = SentAnswer(
            transaction: modification.server, request: modification.request, status: status,
            response: bytes, at: board.now.monotonic, timers: board.timers)
        other.acknowledgement = board.acknowledge(
            modification.invite, modification.client, in: other.dialog, gate: .end)
        self[modification.initiator] = leg
        self[modification.target] = other
    }

    /// Both legs may have another remote target now.
    mutating func recordChange(
        by initiator: LegID, _ request: SIPMessage, _ status: StatusCode, response: [UInt8],
        _ board: inout Switchboard
    ) {
        guard case .answered(let answered) = state else { return }
        if caller.origin != nil {
            for leg in [LegID.caller, .called(answered.attempt)] {
                recordChange(of: leg, leg == initiator ? request : nil, status, &board)
            }
            return
        }
        let targets = [LegID.caller, .called(answered.attempt)].map { leg in
            Octets(Array(self[leg]?.dialog.remoteTarget ?? []))
        }
        board.record(
            .callModified(
                CallModified(
                    call: id, initiator: party(initiator), code: status,
                    sequence: request.cseq.number, callerTarget: targets[0],
                    calledTarget: targets[1], response: Octets(response))))
    }

    /// Of two calls that became one, each leg's own.
    private func recordChange(
        of leg: LegID, _ request: SIPMessage?, _ status: StatusCode, _ board: inout Switchboard
    ) {
        let home = home(of: leg)
        let target = Octets(Array(self[leg]?.dialog.remoteTarget ?? []))
        board.record(
            .callModified(
                CallModified(
                    call: home.call, initiator: request == nil ? home.party.other : home.party,
                    code: status, sequence: request?.cseq.number ?? 0,
                    callerTarget: home.party == .caller ? target : .empty,
                    calledTarget: home.party == .called ? target : .empty)))
    }

    private mutating func modificationFailed(
        _ modification: Modification, _ status: StatusCode, _ board: inout Switchboard
    ) {
        self.modification = nil
        if caller.origin == nil {
            board.record(
                .modificationFailed(
                    ModificationFailed(
                        call: id, initiator: party(modification.initiator), code: status)))
        }
        guard !status.deniesDialog, !modification.isRepeated else { return }
        heard(from: modification.target, &board)
    }

    private func answer(
        _ response: SIPMessage, of modification: Modification, _ timer: SessionTimer?,
        _ board: borrowing Switchboard
    ) -> [UInt8] {
        var writer = MessageWriter(
            responseTo: modification.request, status: response.status ?? 500,
            reason: response.reasonPhrase, source: modification.source, recordRoute: true)
        let listener = self[modification.initiator]?.dialog.local ?? caller.listener
        writer.ownHeaders(contact: board.directory.contact(listener))
        writer.answer(timer)
        return writer.finish(passing: response)
    }

    private func passBack(
        _ response: SIPMessage, of modification: Modification, _ board: inout Switchboard
    ) {
        let bytes = answer(response, of: modification, nil, board)
        let status = StatusCode(response)
        board.respond(
            modification.server, bytes, status: status, gate: status.isProvisional ? .open : .end)
    }

    private mutating func answerModificationChallenge(
        _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        guard var modification, var leg = self[modification.target],
            let again = board.answer(
                response, to: modification.invite.bytes, .invite,
                answered: &modification.challengesAnswered,
                sequence: leg.dialog.nextSequence(), digest: &leg.digest,
                leg: (self, modification.target))
        else { return false }
        self[modification.target] = leg
        modification.isRepeated = false
        modification.invite = again.message
        recordModification(
            by: modification.initiator, modification.request, from: modification.source,
            as: again.message, &board)
        modification.client = board.send(
            again.bytes, .invite, branch: again.branch, from: leg.dialog.local,
            to: board.nextHop(of: leg.dialog), gate: .end, owner: .call(id))
        self.modification = modification
        return true
    }

    /// No answer to a re-INVITE within Timer B: the dialog is gone (section 12.2.1.2).
    mutating func modificationTimedOut(_ board: inout Switchboard) {
        guard let modification else { return }
        modificationRefused(modification, status: 408, &board)
        peerIsGone(modification.target, &board)
    }

    /// An answer of our own to a re-INVITE that got none.
    mutating func modificationRefused(
        _ modification: Modification, status: UInt16, _ board: inout Switchboard
    ) {
        modificationFailed(modification, .code(status), &board)
        board.respond(
            modification.server, to: modification.request, from: modification.source,
            status: status)
    }

    /// A peer does not know its dialog any more, so the call is over. It gets a BYE all the same:
    /// whoever still bills on that side hears it. Where nothing was heard of it since a restart, it
    /// may have ended before.
    mutating func peerIsGone(_ id: LegID, _ board: inout Switchboard) {
        guard !isEnded, !hasLeft(id) else { return }
        if let continuation, continuation.unheard.contains(id) { return endedUnseen(&board) }
        end(by: side(of: id), .finalResponse, cause: .recoveryOnTimerExpiry, &board)
    }
}

extension Switchboard {
    /// The log allows a CSeq before a request of ours uses it.
    mutating func reserveSequences(of leg: inout Leg, _ home: LegHome) {
        guard leg.dialog.reserveSequences() else { return }
        record(
            .sequencesReserved(
                SequencesReserved(
                    call: home.call, leg: home.party, sequence: leg.dialog.reservedSequence)))
    }

    /// A request of one leg as a request of the other; `nil` when it would be too large.
    mutating func forward(
        _ request: SIPMessage, _ method: Method, in leg: inout Leg, except ids: HeaderSet = [],
        write: (inout MessageWriter) -> Void = { _ in }
    ) -> OutgoingRequest? {
        let branch = entropy.branch()
        let sequence = leg.dialog.nextSequence()
        var writer = leg.dialog.request(
            method, sequence: sequence, sentBy: directory.sentBy(leg.dialog.local), branch: branch)
        authorize(&writer, method, uri: leg.dialog.remoteTarget, &leg.digest)
        if method.hasContact {
            writer.ownHeaders(contact: directory.contact(leg.dialog.local))
        }
        if method == .invite || method == .update { writer.request(leg.timer) }
        write(&writer)
        return OutgoingRequest(writer.finish(passing: request, except: ids), branch: branch)
    }
}

extension Method {
    /// A request that carries a Contact, and so does its 2xx (RFC 3261 Table 2, RFC 3311 section 5,
    /// RFC 3515 section 2.2, RFC 6665 section 8.1).
    var hasContact: Bool {
        switch self {
        case .invite, .update, .refer, .notify: true
        case .ack, .bye, .cancel, .options, .register, .prack, .info, .subscribe, .message,
            .publish, .other: false
        }
    }
}
