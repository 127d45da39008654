import TrunkEvents

/// When the calls that a restart goes on with take their turns, so that thousands of them do not
/// flood anybody.
struct RecoveryPace: Sendable {
    private let start: MonotonicInstant
    private let timers: TimerSettings
    private var answerCount: Int64 = 0
    private var probeCount: Int64 = 0

    private static let answerSpacing = Nanoseconds.milliseconds(1)
    /// Of calls: each is asked on both legs.
    private static let probeSpacing = Nanoseconds.milliseconds(4)

    init(start: MonotonicInstant, timers: TimerSettings) {
        self.start = start
        self.timers = timers
    }

    /// Copies of what was sent while nobody listened have come by then.
    var copiesUntil: MonotonicInstant { start.advanced(by: timers.copySpan) }

    mutating func nextAnswer() -> MonotonicInstant {
        defer { answerCount += 1 }
        return start.advanced(by: Self.answerSpacing * answerCount)
    }

    mutating func nextProbe() -> MonotonicInstant {
        defer { probeCount += 1 }
        return copiesUntil.advanced(by: Self.probeSpacing * (probeCount + 1))
    }
}

/// Answered calls go on: both dialogs are rebuilt from the log.
///
/// | the log says | what is done |
/// |---|---|
/// | answered less than T1 before the crash | the 2xx is sent again until its ACK comes |
/// | a re-INVITE without an outcome | it is sent again on its branch, and its answer passed back |
/// | a re-INVITE just answered | as for the first INVITE |
///
/// An older 2xx counts as acknowledged: copies are for peers that wait for one, and confuse others.
/// What the carrier's 2xx still lacks, its ACK, it gets when a copy of the 2xx comes.
extension Call {
    /// `nil` unless the call is up, and its messages are such as this version reads.
    static func goOn(
        _ id: CallID, _ logged: RecoveredCall, endOfLog: WallInstant?, _ pace: inout RecoveryPace,
        _ board: inout Switchboard
    ) -> Call? {
        guard logged.ended == nil, let answered = logged.answered,
            let winner = logged.attempts.first(where: { $0.number == logged.winner }),
            let invite = SIPMessage(own: logged.started.invite.bytes),
            let attempt = Attempt(goingOn: winner, logged[.called])
        else { return nil }
        let started = logged.started
        var call = Call(
            id: id, direction: started.direction,
            callerTrunk: started.direction == .inbound ? winner.trunk : nil,
            caller: CallerLeg(
                invite: invite, source: started.source, listener: started.listener,
                localTag: answered.fact.toTag.bytes, state: .refused),
            state: .ended)
        var dialog = Dialog(
            invite: invite, localTag: call.caller.localTag, local: started.listener,
            source: started.source)
        dialog.restore(logged[.caller])
        call.caller.state = .answered(Leg(dialog: dialog))
        let aliveAt = logged.aliveAt(endOfLog: endOfLog)
        call.restoreAttempts(of: logged, wonBy: attempt, aliveAt: aliveAt, &board)
        call.recordContinuation(aliveAt: aliveAt, &pace, &board)
        call.setLimits(since: answered.at, board)
        call.restoreTimers(logged, answered.fact, winner, &pace, board)
        call.restoreExchanges(logged, aliveAt: aliveAt, &pace, &board)
        if answered.at.advanced(by: board.timers.transactionTimeout) <= aliveAt,
            case .called(let index)? = call.peer(of: .caller)
        {
            call.forgetInvites(answeredBy: index, &board)
        }
        return call
    }

    /// The call is up with the attempt that won; what the others have left open is ended.
    mutating func restoreAttempts(
        of logged: RecoveredCall, wonBy winner: Attempt, aliveAt: WallInstant,
        _ board: inout Switchboard
    ) {
        for other in logged.attempts {
            if other.number == winner.number {
                state = .answered(Answered(attempt: attempts.count))
                attempts.append(winner)
            } else {
                recover(other, of: logged, lastEvidence: aliveAt, &board)
            }
        }
        enter(&board)
    }

    func enter(_ board: inout Switchboard) {
        board.dialogs[caller.localTag] = id
        if let key = caller.key { board.callers[key] = id }
        for attempt in attempts { board.dialogs[attempt.localTag] = id }
        for leg in legIDs {
            if let dialog = self[leg]?.dialog { board.lookAhead(in: dialog) }
        }
    }

    mutating func recordContinuation(
        aliveAt: WallInstant, _ pace: inout RecoveryPace, _ board: inout Switchboard
    ) {
        guard let called = peer(of: .caller) else { preconditionFailure("both legs are up") }
        continuation = Continuation(
            aliveAt: aliveAt, copiesUntil: pace.copiesUntil, probeAt: pace.nextProbe(),
            legs: [.caller, called])
        for call in calls {
            var reserved: [CallParty: UInt32] = [:]
            for leg in [.caller, called] where home(of: leg).call == call {
                reserved[home(of: leg).party] = self[leg]?.dialog.reservedSequence
            }
            board.record(
                .callContinued(
                    CallContinued(
                        call: call, aliveAt: aliveAt, callerSequence: reserved[.caller] ?? 0,
                        calledSequence: reserved[.called] ?? 0)))
        }
    }

    /// Session timers run again as the log says they were agreed on. When the last refresh came is
    /// not in it, nor what an UPDATE described.
    private mutating func restoreTimers(
        _ logged: RecoveredCall, _ answered: CallAnswered, _ winner: RecoveredAttempt,
        _ pace: inout RecoveryPace, _ board: borrowing Switchboard
    ) {
        guard let called = peer(of: .caller) else { return }
        var timers: [LegID: SessionTimer] = [:]
        /// What a refresh by re-INVITE would offer.
        var sessions: [LegID: Bytes] = [:]
        if let response = SIPMessage(own: answered.response.bytes) {
            sessions[.caller] = response.body
            timers[.caller] = SessionTimer(answered: caller.invite, with: response, at: board.now)
        }
        if let invite = winner.sent.flatMap({ SIPMessage(own: $0.invite.bytes) }),
            let response = winner.answered.flatMap({ SIPMessage(own: $0.fact.response.bytes) })
        {
            sessions[called] = invite.body
            timers[called] = SessionTimer(
                answeredWith: response, session: invite.body, minimum: invite.minSE ?? 0,
                at: board.now)
        }
        if case .answered(let sent, let modified, _) = logged.modification,
            let exchange = exchange(of: sent),
            let response = SIPMessage(own: modified.response.bytes)
        {
            sessions[exchange.initiator] = response.body
            timers[exchange.initiator] = SessionTimer(
                answered: exchange.request, with: response, at: board.now)
            if !exchange.invite.body.isEmpty {
                sessions[exchange.target] = exchange.invite.body
                timers[exchange.target]?.offer(exchange.invite.body)
            }
        }
        for id in [LegID.caller, called] {
            if let changed = logged[party(id)].timer {
                timers[id] = SessionTimer(changed, session: sessions[id] ?? [], at: board.now)
            }
            self[id]?.timer = timers[id]?.restarted(
                at: board.now, refreshingAt: pace.nextProbe())
        }
    }

    /// The INVITEs of either side that the crash may have caught between request and ACK.
    private mutating func restoreExchanges(
        _ logged: RecoveredCall, aliveAt: WallInstant, _ pace: inout RecoveryPace,
        _ board: inout Switchboard
    ) {
        let patience = board.timers.transactionTimeout
        let t1 = board.timers.t1
        // The process before the last has repeated it already.
        let isFirstRestart = logged.unverifiedSince == nil
        switch logged.modification {
        case .pending(let sent):
            resumeModification(sent, &board)
        case .answered(let sent, let modified, let at):
            guard at.advanced(by: patience) > aliveAt,
                let exchange = exchange(of: sent)
            else { return }
            let isOpen = isFirstRestart && at.advanced(by: t1) > aliveAt
            expectCopies(
                answeredBy: exchange.target, of: exchange.invite, awaitsAnswer: isOpen, &board)
            guard isOpen else { return }
            repeatAnswer(
                modified.response, to: exchange.request, on: exchange.initiator,
                from: sent.source, &pace, &board)
        case nil:
            guard let answered = logged.answered, answered.at.advanced(by: patience) > aliveAt,
                case .called(let index)? = peer(of: .caller)
            else { return }
            let isOpen = isFirstRestart && answered.at.advanced(by: t1) > aliveAt
            expectCopies(
                answeredBy: .called(index), of: attempts[index].invite, awaitsAnswer: isOpen,
                &board)
            guard isOpen else { return }
            repeatAnswer(
                answered.fact.response, to: caller.invite, on: .caller, from: caller.source,
                &pace, &board)
        }
    }

    /// A copy of the peer's 2xx gets the ACK that the last process may have owed.
    private mutating func expectCopies(
        answeredBy id: LegID, of invite: SIPMessage, awaitsAnswer: Bool,
        _ board: inout Switchboard
    ) {
        guard var leg = self[id], awaitsAnswer || !invite.body.isEmpty else { return }
        // An offer in that 2xx is answered by the other leg's ACK, if that is still to come.
        let state: Acknowledgement.State =
            invite.body.isEmpty
            ? .owed(invite: invite)
            : .sent(board.acknowledgement(of: invite, in: leg.dialog, gate: .end))
        leg.acknowledgement = Acknowledgement(
            transaction: nil, sequence: invite.cseq.number, state: state)
        self[id] = leg
    }

    private mutating func repeatAnswer(
        _ response: Octets, to request: SIPMessage, on initiator: LegID, from source: Endpoint,
        _ pace: inout RecoveryPace, _ board: inout Switchboard
    ) {
        guard var leg = self[initiator], let answer = SIPMessage(own: response.bytes),
            let transaction = board.resume(request, from: source, on: leg.dialog.local)
        else { return }
        leg.sentAnswer = SentAnswer(
            repeating: answer.bytes, to: request, status: StatusCode(answer),
            transaction: transaction, from: pace.nextAnswer(), timers: board.timers)
        self[initiator] = leg
    }

    /// To send it again is safe: whoever has it already takes it for a copy.
    private mutating func resumeModification(
        _ sent: ModificationSent, _ board: inout Switchboard
    ) {
        guard let exchange = exchange(of: sent), let leg = self[exchange.initiator],
            let other = self[exchange.target],
            let server = board.resume(exchange.request, from: sent.source, on: leg.dialog.local)
        else { return }
        modification = Modification(
            initiator: exchange.initiator, target: exchange.target, server: server,
            request: exchange.request, source: sent.source,
            client: board.send(
                exchange.invite.bytes, .invite,
                branch: Array(exchange.invite.topVia.branch ?? []), from: other.dialog.local,
                to: board.nextHop(of: other.dialog), gate: .end, owner: .call(id)),
            invite: exchange.invite, isRepeated: true)
    }

    private func exchange(
        of sent: ModificationSent
    ) -> (initiator: LegID, target: LegID, request: SIPMessage, invite: SIPMessage)? {
        guard let called = peer(of: .caller),
            let request = SIPMessage(own: sent.request.bytes),
            let invite = SIPMessage(own: sent.invite.bytes)
        else { return nil }
        switch sent.initiator {
        case .caller: return (.caller, called, request, invite)
        case .called: return (called, .caller, request, invite)
        }
    }
}

extension Attempt {
    /// The attempt that won.
    init?(goingOn logged: RecoveredAttempt, _ leg: RecoveredCall.Leg) {
        guard let sent = logged.sent, let invite = SIPMessage(own: sent.invite.bytes),
            let answered = logged.answered,
            let response = SIPMessage(own: answered.fact.response.bytes)
        else { return nil }
        var dialog = Dialog(
            invite: invite, response: response, local: sent.local, remote: sent.remote)
        dialog.restore(leg)
        self.init(
            number: logged.number, trunk: logged.trunk, local: sent.local, remote: sent.remote,
            localTag: sent.fromTag.bytes, invite: invite, state: .answered(Leg(dialog: dialog)))
    }
}

extension Dialog {
    /// What the log knows of it beyond its INVITE.
    mutating func restore(_ logged: RecoveredCall.Leg) {
        if let target = logged.target { restoreTarget(target.bytes) }
        if let sequence = logged.remoteSequence { _ = accepts(sequence: sequence) }
        skipSequences(through: logged.sequence)
    }
}

extension Switchboard {
    /// A request of before the restart as if it had just arrived: its transaction absorbs copies
    /// and takes the ACK.
    mutating func resume(
        _ request: SIPMessage, from source: Endpoint, on listener: Endpoint
    ) -> ServerTransactionID? {
        let event = transactions.receive(
            request, from: source, on: listener, at: now.monotonic, into: &output)
        guard case .request(let transaction, _) = event else { return nil }
        return transaction
    }
}
