import TrunkEvents

/// Calls that the last process left open. Those that are up go on; the others are rebuilt from the
/// log as far as their end needs it.
///
/// | the log says | what is done |
/// |---|---|
/// | answered | the call goes on (`CallContinuing.swift`) |
/// | answered and ended | BYE on both legs, with a CSeq beyond those that may have left |
/// | a channel seized, no INVITE sent | it never left: released at once |
/// | INVITE sent, no final answer | after T2 + T1 CANCEL on its branch; a 2xx gets ACK, BYE |
/// | the caller was never answered | 500 to its INVITE |
///
/// A channel is held until the carrier has answered, or 64*T1 have passed.
extension AgentCore {
    mutating func recover(_ recovered: RecoveredState) {
        var pace = RecoveryPace(start: board.now.monotonic, timers: board.timers)
        let calls = recovered.calls.sorted { $0.key < $1.key }
        for (id, call) in calls {
            for attempt in call.attempts where !attempt.isReleased {
                let events = board.trunks.holdRecovered(
                    attempt.trunk, call: id, attempt: attempt.number,
                    direction: attempt.direction)
                for event in events { board.record(event) }
            }
        }
        var joined: Set<CallID> = []
        for (id, call) in calls {
            guard let other = goOnJoined(id, call, recovered, &pace) else { continue }
            joined.formUnion([id, other])
        }
        for (id, call) in calls where !joined.contains(id) {
            let evidence = call.aliveAt(endOfLog: recovered.lastFact)
            if call.transferred == nil, call.joined == nil,
                let whole = Call.goOn(id, call, endOfLog: recovered.lastFact, &pace, &board)
            {
                insert(whole)
            } else if let rebuilt = Call.recover(id, call, lastEvidence: evidence, &board) {
                insert(rebuilt)
            } else {
                giveUp(id, call, lastEvidence: evidence)
            }
        }
    }

    /// A call whose side that stays is the caller of another one since: they go on as that one.
    private mutating func goOnJoined(
        _ id: CallID, _ call: RecoveredCall, _ recovered: RecoveredState,
        _ pace: inout RecoveryPace
    ) -> CallID? {
        guard let transferred = call.transferred, call.ended == nil,
            let other = recovered.calls[transferred.to],
            let whole = Call.goOn(
                transferred.to, other, joinedBy: (id, call), endOfLog: recovered.lastFact, &pace,
                &board)
        else { return nil }
        insert(whole)
        if let rest = Call.letGo(id, call, endOfLog: recovered.lastFact, &board) { insert(rest) }
        return transferred.to
    }

    /// A call whose logged messages this version cannot read: nobody can be told, so it is closed.
    private mutating func giveUp(
        _ id: CallID, _ call: RecoveredCall, lastEvidence: WallInstant
    ) {
        Call.recordRecovery(of: id, call, lastEvidence: lastEvidence, &board)
        for attempt in call.attempts {
            board.release(attempt.trunk, call: id, attempt: attempt.number)
        }
    }
}

extension Call {
    static func recover(
        _ id: CallID, _ logged: RecoveredCall, lastEvidence: WallInstant,
        _ board: inout Switchboard
    ) -> Call? {
        let started = logged.started
        guard let invite = SIPMessage(own: started.invite.bytes) else { return nil }
        let caller = CallerLeg(
            invite: invite, source: started.source,
            listener: started.listener,
            localTag: logged.answered?.fact.toTag.bytes ?? board.entropy.tag(), state: .refused)
        var call = Call(
            id: id, direction: started.direction,
            callerTrunk: started.direction == .inbound ? logged.attempts.first?.trunk : nil,
            caller: caller, state: .ended)
        board.dialogs[caller.localTag] = id
        recordRecovery(of: id, logged, lastEvidence: lastEvidence, &board)
        call.recoverCaller(logged, lastEvidence: lastEvidence, &board)
        for attempt in logged.attempts {
            call.recover(attempt, of: logged, lastEvidence: lastEvidence, &board)
        }
        return call
    }

    /// The call was alive at its own last fact. It was also alive when the log's last fact of all
    /// was recorded (a heartbeat if nothing else), since facts are kept in the order in which
    /// things happened; but an end may have reached the peers before the disk, by at most 200 ms.
    /// It is over at the latest when our BYE leaves, by as much after the restart.
    static func recordRecovery(
        of id: CallID, _ logged: RecoveredCall, lastEvidence: WallInstant,
        _ board: inout Switchboard
    ) {
        guard logged.ended == nil else { return }
        let isAnswered = logged.answered != nil
        board.record(
            .callEnded(
                CallEnded(
                    call: id, endedBy: .agent, source: .recovery,
                    code: isAnswered ? nil : .code(500), q850: .temporaryFailure,
                    reason: "Recovered after a restart")))
        let evidence = lastEvidence.advanced(by: Nanoseconds(-Self.endOutrunsLogBy.count))
        let lower = max(logged.lastFact, evidence)
        board.record(
            .callRecovered(
                CallRecovered(
                    call: id, endLowerBound: lower,
                    endUpperBound: max(lower, board.now.wall.advanced(by: endOutrunsLogBy)))))
    }

    /// The wait of `SendGate.end`.
    private static let endOutrunsLogBy = Nanoseconds.milliseconds(200)

    private mutating func recoverCaller(
        _ logged: RecoveredCall, lastEvidence: WallInstant, _ board: inout Switchboard
    ) {
        // Nobody sent us the INVITE of a call that a transfer led to.
        guard !logged.isReferred || logged.answered != nil else { return }
        guard let answered = logged.answered else {
            refuseRecoveredCaller(logged, &board)
            return
        }
        var dialog = Dialog(
            invite: caller.invite, localTag: caller.localTag, local: caller.listener,
            source: caller.source)
        dialog.restore(logged[.caller])
        if hasHungUp(.caller, logged) {
            awaitCopies(in: dialog, on: .caller, &board)
            return
        }
        // Its carrier has confirmed that it is over: a 2xx would begin it anew.
        if direction == .inbound, logged.attempts.contains(where: \.isReleased) { return }
        // Just answered: the 2xx may not have left, and without it the BYE would mean nothing. The
        // ACK, which may have come before, is not waited for.
        if answered.at.advanced(by: Self.answerMayBeLost) > lastEvidence,
            let response = SIPMessage(own: answered.fact.response.bytes),
            let transaction = board.resume(
                caller.invite, from: caller.source, on: caller.listener)
        {
            board.respond(
                transaction, response.bytes, status: StatusCode(response), gate: .end)
        }
        caller.state = .answered(Leg(dialog: dialog))
        hangUp(.caller, farewell: Self.farewell(.temporaryFailure), &board)
    }

    /// The peer's BYE is in the log, but its answer may not have left: copies are answered alike.
    private mutating func awaitCopies(
        in dialog: Dialog, on id: LegID, _ board: inout Switchboard
    ) {
        var leg = Leg(dialog: dialog)
        leg.closing = .closed
        switch id {
        case .caller: caller.state = .answered(leg)
        case .called(let index): attempts[index].state = .answered(leg)
        }
        lingersUntil = board.now.monotonic.advanced(by: board.timers.copySpan)
        legEnded(id, &board)
    }

    /// The log shows this leg's own BYE: it knows that the call is over.
    private func hasHungUp(_ leg: LegID, _ logged: RecoveredCall) -> Bool {
        logged.ended?.source == .bye && logged.ended?.endedBy == side(of: leg)
    }

    private static let answerMayBeLost = Nanoseconds.milliseconds(500)

    /// The INVITE still waits for its final answer, or has lost it.
    private mutating func refuseRecoveredCaller(
        _ logged: RecoveredCall, _ board: inout Switchboard
    ) {
        let resumed = board.resume(caller.invite, from: caller.source, on: caller.listener)
        if let transaction = resumed {
            let status = logged.ended?.code ?? .code(500)
            var writer = MessageWriter(
                responseTo: caller.invite, status: status.rawValue, toTag: caller.localTag[...],
                source: caller.source)
            writer.reason(logged.ended?.q850 ?? .temporaryFailure)
            board.respond(transaction, writer.finish(), status: status, gate: .end)
        }
        legEnded(.caller, &board)
    }

    mutating func recover(
        _ logged: RecoveredAttempt, of call: RecoveredCall, lastEvidence: WallInstant,
        _ board: inout Switchboard
    ) {
        let saidBye =
            call.winner == logged.number && hasHungUp(.called(attempts.endIndex), call)
        guard let sent = logged.sent, let invite = SIPMessage(own: sent.invite.bytes),
            direction == .inbound || !logged.isReleased || saidBye
        else {
            if direction == .outbound {
                board.release(logged.trunk, call: id, attempt: logged.number)
            }
            return
        }
        board.dialogs[sent.fromTag.bytes] = id
        attempts.append(
            Attempt(
                number: logged.number, trunk: logged.trunk, local: sent.local,
                remote: sent.remote, localTag: sent.fromTag.bytes, invite: invite, state: .over))
        let index = attempts.count - 1
        if let answered = logged.answered {
            guard let response = SIPMessage(own: answered.fact.response.bytes) else {
                legEnded(.called(index), &board)
                return
            }
            recoverAnswered(
                index, response, of: call, at: answered.at, saidBye: saidBye,
                lastEvidence: lastEvidence, &board)
        } else if let failed = logged.failed, failed.cause != .timeout {
            legEnded(.called(index), &board)
        } else {
            let transaction = board.transactions.resume(
                invite: invite.bytes, branch: Array(invite.topVia.branch ?? []), to: sent.remote,
                from: sent.local, at: board.now.monotonic)
            attempts[index].transaction = transaction
            board.owners[transaction] = .call(id)
            let isCancelled = call.ended?.source == .cancel
            let reason: AttemptFailure =
                logged.failed != nil ? .timeout : isCancelled ? .cancelled : .recovery
            attempts[index].state = .listening(
                Attempt.Listening(
                    cancelAt: board.now.monotonic.advanced(by: board.timers.copySpan),
                    reason: reason))
        }
    }

    private mutating func recoverAnswered(
        _ index: Int, _ response: SIPMessage, of call: RecoveredCall, at answered: WallInstant,
        saidBye: Bool, lastEvidence: WallInstant, _ board: inout Switchboard
    ) {
        let attempt = attempts[index]
        var dialog = Dialog(
            invite: attempt.invite, response: response,
            local: attempt.local, remote: attempt.remote)
        if call.winner == attempt.number {
            dialog.restore(call[.called])
        } else {
            dialog.skipSequences()
        }
        if saidBye {
            awaitCopies(in: dialog, on: .called(index), &board)
            return
        }
        // Its ACK may not have left; the same ACK twice does no harm.
        let patience = board.timers.transactionTimeout
        if answered.advanced(by: patience) > lastEvidence {
            let message = board.acknowledgement(of: attempt.invite, in: dialog, gate: .end)
            board.output.send(message)
        }
        attempts[index].state = .answered(Leg(dialog: dialog))
        hangUp(.called(index), farewell: Self.farewell(.temporaryFailure), &board)
    }
}
