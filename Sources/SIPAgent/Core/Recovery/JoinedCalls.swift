import TrunkEvents

/// Two calls that a transfer made one go on as one: the leg of the side that stayed, as the log of
/// its own call tells it, is the caller of the other call. Whoever asked for the transfer is hung
/// up, since a NOTIFY or a BYE may not have left.
extension Call {
    static func goOn(
        _ id: CallID, _ logged: RecoveredCall, joinedBy first: (id: CallID, call: RecoveredCall),
        endOfLog: WallInstant?, _ pace: inout RecoveryPace, _ board: inout Switchboard
    ) -> Call? {
        guard logged.ended == nil, let joined = logged.joined,
            let winner = logged.attempts.first(where: { $0.number == logged.winner }),
            let attempt = Attempt(goingOn: winner, logged[.called]),
            let transferred = TransferredLeg(joined.fact, first.call)
        else { return nil }
        var call = Call(
            id: id, direction: .outbound, callerTrunk: nil, caller: CallerLeg(transferred),
            state: .ended)
        let aliveAt = max(
            logged.aliveAt(endOfLog: endOfLog), first.call.aliveAt(endOfLog: endOfLog))
        call.restoreAttempts(of: logged, wonBy: attempt, aliveAt: aliveAt, &board)
        call.recordContinuation(aliveAt: aliveAt, &pace, &board)
        call.setLimits(since: first.call.answered?.at ?? joined.at, board)
        call.restoreSessions(logged, winner, first.call, &pace, &board)
        return call
    }

    private mutating func restoreSessions(
        _ logged: RecoveredCall, _ winner: RecoveredAttempt, _ first: RecoveredCall,
        _ pace: inout RecoveryPace, _ board: inout Switchboard
    ) {
        guard let called = peer(of: .caller), case .called(let index) = called,
            let origin = caller.origin,
            let answer = logged.joined.flatMap({ SIPMessage(own: $0.fact.response.bytes) }),
            let offer = winner.answered.flatMap({ SIPMessage(own: $0.fact.response.bytes) })
        else { return }
        let stays = first.timer(of: origin.party, session: offer.body, at: board.now)
        let callee = logged.timer(of: .called, session: answer.body, at: board.now)
        self[.caller]?.timer = stays?.restarted(at: board.now, refreshingAt: pace.nextProbe())
        self[called]?.timer = callee?.restarted(at: board.now, refreshingAt: pace.nextProbe())
        // The last process may have owed both their ACKs.
        expectCopies(of: attempts[index].invite, answer, on: called, &board)
        expectCopies(of: answer, nil, on: .caller, &board)
    }

    /// - Parameters:
    ///   - request: the INVITE, or an answer to it: both name its branch and CSeq.
    ///   - session: what the ACK carries.
    private mutating func expectCopies(
        of request: SIPMessage, _ session: SIPMessage?, on id: LegID, _ board: inout Switchboard
    ) {
        guard let dialog = self[id]?.dialog else { return }
        self[id]?.acknowledgement = Acknowledgement(
            transaction: nil, sequence: request.cseq.number,
            state: .sent(
                board.acknowledgement(of: request, in: dialog, body: session, gate: .end)))
    }

    /// What is left of a call whose other side was transferred: the leg of who asked for it.
    static func letGo(
        _ id: CallID, _ logged: RecoveredCall, endOfLog: WallInstant?, _ board: inout Switchboard
    ) -> Call? {
        guard let transferred = logged.transferred,
            let invite = SIPMessage(own: logged.started.invite.bytes)
        else { return nil }
        let started = logged.started
        var caller = CallerLeg(
            invite: invite, source: started.source, listener: started.listener,
            localTag: logged.answered?.fact.toTag.bytes ?? [], state: .refused)
        caller.forgetKey()
        if transferred.leaving == .caller {
            caller.state = .answered(Leg(dialog: logged.callerDialog(invite)))
        } else {
            caller.localTag = []
        }
        var call = Call(
            id: id, direction: started.direction, callerTrunk: nil, caller: caller, state: .ended)
        for attempt in logged.attempts {
            if attempt.number != logged.winner {
                let evidence = logged.aliveAt(endOfLog: endOfLog)
                call.recover(attempt, of: logged, lastEvidence: evidence, &board)
            } else if transferred.leaving == .called,
                let leg = Attempt(goingOn: attempt, logged[.called])
            {
                call.attempts.append(leg)
            }
        }
        call.enter(&board)
        for leg in call.legIDs {
            call.hangUp(leg, farewell: farewell(.normalClearing), &board)
        }
        return call
    }
}

extension TransferredLeg {
    /// The leg of the side that stayed.
    fileprivate init?(_ fact: CallTransferred, _ logged: RecoveredCall) {
        let party = fact.leaving.other
        guard let winner = logged.attempts.first(where: { $0.number == logged.winner }) else {
            return nil
        }
        let channel = HeldChannel(call: fact.call, trunk: winner.trunk, attempt: winner.number)
        let origin = LegOrigin(party: party, side: .remote, channel: channel)
        switch party {
        case .caller:
            guard let invite = SIPMessage(own: logged.started.invite.bytes),
                let answered = logged.answered
            else { return nil }
            self.init(
                leg: Leg(dialog: logged.callerDialog(invite)),
                localTag: answered.fact.toTag.bytes, origin: origin)
        case .called:
            guard let attempt = Attempt(goingOn: winner, logged[.called]),
                case .answered(let leg) = attempt.state
            else { return nil }
            self.init(leg: leg, localTag: attempt.localTag, origin: origin)
        }
    }
}

extension RecoveredCall {
    fileprivate func callerDialog(_ invite: SIPMessage) -> Dialog {
        var dialog = Dialog(
            invite: invite, localTag: answered?.fact.toTag.bytes ?? [], local: started.listener,
            source: started.source)
        dialog.restore(self[.caller])
        return dialog
    }

    /// The session timer that a leg has, by its first INVITE or what changed it since.
    fileprivate func timer(
        of party: CallParty, session: Bytes, at now: Moment
    ) -> SessionTimer? {
        if let changed = self[party].timer {
            return SessionTimer(changed, session: session, at: now)
        }
        switch party {
        case .caller:
            guard let invite = SIPMessage(own: started.invite.bytes),
                let response = answered.flatMap({ SIPMessage(own: $0.fact.response.bytes) })
            else { return nil }
            return SessionTimer(answered: invite, with: response, at: now)
        case .called:
            let attempt = attempts.first { $0.number == winner }
            guard let invite = attempt?.sent.flatMap({ SIPMessage(own: $0.invite.bytes) }),
                let response = attempt?.answered.flatMap({
                    SIPMessage(own: $0.fact.response.bytes)
                })
            else { return nil }
            return SessionTimer(
                answeredWith: response, session: session, minimum: invite.minSE ?? 0, at: now)
        }
    }
}
