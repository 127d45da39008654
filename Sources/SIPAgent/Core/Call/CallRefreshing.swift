import TrunkEvents

/// Session timers, on each leg its own (RFC 4028). A refresh that is nothing but one, an UPDATE
/// without a body, ends here; a re-INVITE or an UPDATE with an offer crosses and refreshes both
/// legs by the way.
extension Call {
    func settings(of leg: LegID, _ board: borrowing Switchboard) -> CallSettings {
        if let channel = channel(of: leg) {
            return board.directory.trunks[channel.trunk]?.calls ?? CallSettings()
        }
        let source =
            switch leg {
            case .caller: caller.source
            case .called(let index): attempts[index].remote
            }
        return board.directory.peer(at: source)?.calls ?? CallSettings()
    }

    /// The timer that a leg has once we have answered a request of its peer.
    func timer(
        answering request: SIPMessage, on leg: LegID, session: Bytes,
        _ board: borrowing Switchboard
    ) -> SessionTimer? {
        guard let settings = settings(of: leg, board).sessionTimer else { return nil }
        return SessionTimer(answering: request, settings, session: session, at: board.now)
    }

    /// Other terms than before are recorded: the log has those of the leg's first INVITE only.
    func recordTimer(
        of leg: LegID, _ timer: SessionTimer?, before: SessionTimer?, _ board: inout Switchboard
    ) {
        guard timer?.terms != before?.terms else { return }
        board.record(
            .sessionTimerChanged(
                SessionTimerChanged(
                    call: home(of: leg).call, leg: home(of: leg).party, interval: timer?.interval,
                    isRefreshedByUs: timer?.refresher == .us, minimum: timer?.minimum ?? 0,
                    takesUpdate: timer?.takesUpdate ?? false)))
    }

    /// A request that asks for a shorter interval than we want is answered with 422 (section 9).
    mutating func refusesInterval(
        of request: SIPMessage, on leg: LegID, _ transaction: ServerTransactionID,
        from source: Endpoint, _ board: inout Switchboard
    ) -> Bool {
        guard let settings = settings(of: leg, board).sessionTimer,
            settings.refuses(request)
        else { return false }
        var writer = MessageWriter(responseTo: request, status: 422, source: source)
        writer.header(.minSE, number: settings.minimum)
        board.respond(transaction, writer.finish(), status: .code(422), gate: .open)
        return true
    }

    /// An UPDATE that is a refresh and nothing else.
    mutating func receivedRefresh(
        on id: LegID, _ transaction: ServerTransactionID, _ request: SIPMessage,
        from source: Endpoint, _ board: inout Switchboard
    ) {
        guard peer(of: id) != nil, var leg = self[id], leg.isOpen else {
            board.respond(transaction, to: request, from: source, status: 481)
            return
        }
        let target = leg.dialog.remoteTarget
        let before = leg.timer
        leg.dialog.refreshTarget(from: request)
        leg.timer = timer(answering: request, on: id, session: before?.session[...] ?? [], board)
        self[id] = leg
        recordTimer(of: id, leg.timer, before: before, &board)
        if leg.dialog.remoteTarget != target {
            recordChange(by: id, request, .code(200), response: [], &board)
        }
        var writer = MessageWriter(responseTo: request, status: 200, source: source)
        writer.ownHeaders(contact: board.directory.contact(leg.dialog.local))
        writer.answer(leg.timer)
        board.respond(transaction, writer.finish(), status: .code(200), gate: .end)
    }

    /// A refresh of ours is due, or the peer's has not come.
    mutating func sessionIsDue(on id: LegID, _ board: inout Switchboard) {
        let now = board.now.monotonic
        guard !isEnded, let leg = self[id], leg.isOpen, let timer = leg.timer, timer.due <= now
        else { return }
        guard timer.refresher == .us, now < timer.expires else {
            return sessionExpired(on: id, since: timer.refreshedAt, &board)
        }
        if modification != nil || leg.sentAnswer != nil || isRefreshing(id) {
            self[id]?.timer?.retry(at: now.advanced(by: .seconds(2)))
        } else {
            refresh(id, timer, &board)
        }
    }

    /// Whether a re-INVITE of our own is on its way on a leg.
    func isRefreshing(_ id: LegID) -> Bool {
        legRequests.contains { $0.leg == id && $0.purpose == .refresh }
    }

    private mutating func refresh(
        _ id: LegID, _ timer: SessionTimer, _ board: inout Switchboard
    ) {
        guard var leg = self[id] else { return }
        board.reserveSequences(of: &leg, home(of: id))
        leg.timer?.awaitAnswer()
        self[id] = leg
        let contact = board.directory.contact(leg.dialog.local)
        send(
            timer.takesUpdate ? .update : .invite, on: id, for: .refresh, gate: .end, &board,
            write: { writer in
                writer.ownHeaders(contact: contact)
                writer.request(timer)
            }, session: timer.takesUpdate ? [] : timer.session[...])
    }

    /// `nil`: no answer came in time.
    mutating func refreshAnswered(
        _ request: LegRequest, _ response: SIPMessage?, _ board: inout Switchboard
    ) {
        let id = request.leg
        let status = response.map { StatusCode($0).rawValue } ?? 408
        guard var leg = self[id] else { return }
        if let response, (200..<300).contains(status) {
            acknowledgeRefresh(request, response, &leg, &board)
        }
        guard let timer = leg.timer, leg.isOpen, !isEnded else {
            self[id] = leg
            return
        }
        switch status {
        case 200..<300:
            leg.timer = response.flatMap {
                SessionTimer(
                    answeredWith: $0, session: timer.session[...], minimum: timer.minimum,
                    at: board.now)
            }
        case 422:
            _ = leg.timer?.raise(to: response?.minSE ?? 0, at: board.now.monotonic)
        case 491:
            leg.timer?.retry(at: board.now.monotonic.advanced(by: glareDelay(on: id, &board)))
        case 500, 503:
            let seconds = Int64(response?.retryAfter?.seconds ?? 10)
            leg.timer?.retry(at: board.now.monotonic.advanced(by: .seconds(seconds)))
        default:
            leg.timer?.retryLater(at: board.now.monotonic)
        }
        self[id] = leg
        recordTimer(of: id, leg.timer, before: timer, &board)
        if status == 408 || status == 481 {
            sessionExpired(on: id, since: timer.refreshedAt, &board)
        } else if response.map({ !StatusCode($0).deniesDialog }) == true {
            heard(from: id, &board)
        }
    }

    func acknowledgeRefresh(
        _ request: LegRequest, _ response: SIPMessage, _ leg: inout Leg,
        _ board: inout Switchboard
    ) {
        leg.dialog.refreshTarget(from: response)
        guard response.cseq.method == .invite, let invite = SIPMessage(own: request.request)
        else { return }
        let message = board.acknowledgement(of: invite, in: leg.dialog, gate: .open)
        leg.acknowledgement = Acknowledgement(
            transaction: request.transaction, sequence: invite.cseq.number, state: .sent(message))
        board.output.send(message)
    }

    /// RFC 3261 section 14.1: the owner of the Call-ID waits longer, lest they meet again.
    private func glareDelay(on id: LegID, _ board: inout Switchboard) -> Nanoseconds {
        switch id {
        case .called: .milliseconds(Int64.random(in: 210...400, using: &board.entropy) * 10)
        case .caller: .milliseconds(Int64.random(in: 0...200, using: &board.entropy) * 10)
        }
    }

    /// Where the trunk's leg is the silent one, nobody knows when it ended; where it is the other,
    /// the trunk's ends with our BYE.
    private mutating func sessionExpired(
        on id: LegID, since refresh: WallInstant, _ board: inout Switchboard
    ) {
        guard !isEnded else { return }
        // Since a restart nothing was heard of it.
        if continuation?.unheard.contains(id) == true { return endedUnseen(&board) }
        if channel(of: id) != nil { recordBounds(from: refresh, &board) }
        end(by: .agent, .sessionTimer, cause: .recoveryOnTimerExpiry, &board)
    }
}

// 422 to an INVITE that begins a leg (section 7.3).
extension Call {
    private static let intervalsMax: UInt8 = 4

    /// Sends the attempt's INVITE again with the interval that was asked for; it stays the same
    /// attempt. `false`: nothing more can be asked for.
    mutating func raiseInterval(
        _ index: Int, _ response: SIPMessage, _ board: inout Switchboard
    ) -> Bool {
        var attempt = attempts[index]
        guard response.status == 422, let minimum = response.minSE,
            let asked = attempt.invite.sessionExpires, minimum > asked.seconds,
            attempt.intervalsRaised < Self.intervalsMax
        else { return false }
        attempt.intervalsRaised += 1
        let again = board.another(&attempt, except: [.sessionExpires, .minSE]) { writer in
            writer.header(.sessionExpires, number: minimum)
            writer.header(.minSE, number: minimum)
        }
        guard let again else { return false }
        resend(again, &attempt, &board)
        attempts[index] = attempt
        return true
    }

    /// The attempt's INVITE once more, changed: recorded, then sent.
    func resend(_ again: OutgoingRequest, _ attempt: inout Attempt, _ board: inout Switchboard) {
        attempt.invite = again.message
        board.record(
            .attemptSent(
                AttemptSent(
                    call: id, trunk: attempt.trunk, attempt: attempt.number,
                    calledLeg: direction == .outbound ? .trunk : .dialer, local: attempt.local,
                    remote: attempt.remote, sipCallID: Octets(Array(attempt.invite.callID)),
                    fromTag: Octets(attempt.localTag), invite: Octets(again.bytes))))
        attempt.transaction = board.send(
            again.bytes, .invite, branch: again.branch, from: attempt.local, to: attempt.remote,
            gate: .durable, owner: .call(id))
    }
}
