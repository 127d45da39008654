import TrunkEvents

/// A call from a dialer: which trunks may carry it, and the search through them.
extension Call {
    /// Takes an INVITE of a dialer.
    static func place(
        _ invite: SIPMessage, _ transaction: ServerTransactionID, for dialer: DialerConfiguration,
        from source: Endpoint, on listener: Endpoint, _ board: inout Switchboard
    ) -> Call {
        let caller = CallerLeg(
            invite: invite, source: source, listener: listener, localTag: board.entropy.tag(),
            state: .invited(transaction),
            reliability: .init(invite, dialer.calls.reliability))
        return place(caller, for: dialer, &board)
    }

    /// Begins to carry what a caller asks for.
    static func place(
        _ caller: CallerLeg, for dialer: DialerConfiguration, _ board: inout Switchboard
    ) -> Call {
        let id = board.nextCallID()
        let invite = caller.invite
        let dialled = Octets(Array(Switchboard.user(in: invite.requestURI ?? [])))
        let number = board.directory.normalizer.normalize(dialled)
        var search = TrunkSearch(
            number: number, reference: dialer.reference, callerSources: dialer.callerSources,
            giveUpAt: board.expiry(of: invite))
        var call = Call(
            id: id, direction: .outbound, callerTrunk: nil, caller: caller,
            state: .offering(search))
        call.start(
            callerName: dialer.name,
            from: CallerIdentity(invite, from: dialer.callerSources), number: number,
            dialled: dialled, did: .empty,
            reference: Self.reference(in: invite, dialer.reference), &board)
        guard let route = board.directory.routes.route(for: number, at: board.now.wall) else {
            call.fail(.noRoute, &board)
            return call
        }
        let trunks = board.order(route)
        board.record(.routeChosen(RouteChosen(call: id, prefix: route.prefix, trunks: trunks)))
        search.candidates = trunks[...]
        call.search(search, &board)
        return call
    }

    /// Records the call and tells the caller that it is being worked on.
    mutating func start(
        callerName: ShortName, from identity: CallerIdentity, number: NormalizedNumber,
        dialled: Octets, did: Octets, reference: Octets, _ board: inout Switchboard
    ) {
        let invite = caller.invite
        let from = Octets(Array(identity.user))
        let fromNumber = board.directory.normalizer.normalize(from)
        board.dialogs[caller.localTag] = id
        if let key = caller.key { board.callers[key] = id }
        board.record(
            .callStarted(
                CallStarted(
                    call: id, direction: direction, caller: callerName, source: caller.source,
                    listener: caller.listener, aRaw: from,
                    aE164: fromNumber.kind == .e164 ? fromNumber.text : .empty, bRaw: dialled,
                    bE164: number.kind == .e164 ? number.text : .empty, did: did, account: .empty,
                    dialerReference: reference, sipCallID: Octets(Array(invite.callID)),
                    invite: Octets(invite.bytes))))
        switch caller.state {
        case .invited(let transaction):
            let trying = MessageWriter(responseTo: invite, status: 100, source: caller.source)
            board.respond(transaction, trying.finish(), status: .code(100), gate: .trying)
        case .referred(let referral):
            board.record(
                .transferBegun(
                    TransferBegun(call: id, from: referral.call, leaving: referral.leaving)))
        case .refused, .answered: preconditionFailure("a call begins with its caller's wish")
        }
    }

    /// Asks the trunks in turn until one takes the call. An emergency call is offered in the end to
    /// those too that seem to be down: an agent that has just started knows of no registration, and
    /// to be refused by a carrier is no worse than to be refused by us.
    mutating func search(_ search: TrunkSearch, _ board: inout Switchboard) {
        var search = search
        repeat {
            while let name = search.candidates.popFirst() {
                guard let trunk = board.directory.trunks[name] else { continue }
                if ask(trunk, &search, isNext: false, &board) { return }
            }
        } while search.beginLastResort()
        fail(search.result.outcome, &board)
    }

    /// The turn that the rate limit gave has come, unless the call a second before went late.
    mutating func takeTurn(_ waiting: WaitingForTurn, _ board: inout Switchboard) {
        board.trunks.stopWaiting(for: waiting.trunk)
        var search = waiting.search
        state = .offering(search)
        // A reload may have taken the trunk away meanwhile.
        if let trunk = board.directory.trunks[waiting.trunk],
            ask(trunk, &search, isNext: true, &board)
        {
            return
        }
        self.search(search, &board)
    }

    /// Asks a trunk for a channel. `false`: it has none, and the next one is to be asked.
    private mutating func ask(
        _ trunk: TrunkConfiguration, _ search: inout TrunkSearch, isNext: Bool,
        _ board: inout Switchboard
    ) -> Bool {
        let admission = board.admit(
            id, to: trunk.name, attempt: nextAttempt, direction: .outbound,
            urgency: search.urgency, isNext: isNext)
        switch admission {
        case .seized:
            offer(to: trunk, search, &board)
            return true
        case .wait(let turn):
            state = .waitingForTurn(
                WaitingForTurn(search: search, trunk: trunk.name, turn: turn))
            return true
        case .refused(let reason):
            search.note(reason, of: trunk.name)
            return false
        }
    }

    /// A trunk that refused takes no number: only seizures count.
    private var nextAttempt: AttemptNumber {
        AttemptNumber(rawValue: UInt16(attempts.count + 1))
    }

    /// Sends the INVITE, which leaves only when the seizure is on disk.
    private mutating func offer(
        to trunk: TrunkConfiguration, _ search: TrunkSearch, _ board: inout Switchboard
    ) {
        guard
            let invite = board.invite(
                to: trunk, from: caller,
                identity: CallerIdentity(caller.invite, from: search.callerSources),
                number: search.number, reference: search.reference)
        else {
            board.release(trunk.name, call: id, attempt: nextAttempt)
            fail(.tooLarge, &board)
            return
        }
        attempts.append(
            board.sendInvite(
                invite, call: id, trunk: trunk.name, attempt: nextAttempt, calledLeg: .trunk,
                state: .calling(
                    .init(
                        progressDeadline: board.progressDeadline(of: trunk.name),
                        otherHops: invite.otherHops,
                        hopDeadline: board.hopDeadline(invite.otherHops)))))
        state = .offering(search)
    }

    private static func reference(in invite: SIPMessage, _ place: DialerReference) -> Octets {
        switch place {
        case .none: .empty
        case .fromDisplay: Octets(Array(invite.from.display ?? []))
        case .header(let name): Octets(Array(invite.index.first(named: name.bytes[...]) ?? []))
        }
    }
}

extension Switchboard {
    /// The trunks of a route, in the order in which this call asks them.
    fileprivate mutating func order(_ route: RouteConfiguration) -> [TrunkName] {
        let trunks = trunks
        return routing.order(route, entropy: &entropy) { trunks.load(of: $0) }
    }

    /// Records the attempt, then sends its INVITE.
    mutating func sendInvite(
        _ invite: OutgoingInvite, call: CallID, trunk: TrunkName, attempt: AttemptNumber,
        calledLeg: CallLeg, state: Attempt.State
    ) -> Attempt {
        record(
            .attemptSent(
                AttemptSent(
                    call: call, trunk: trunk, attempt: attempt, calledLeg: calledLeg,
                    local: invite.local, remote: invite.remote,
                    sipCallID: Octets(invite.callID), fromTag: Octets(invite.fromTag),
                    invite: Octets(invite.message.bytes))))
        let transaction = send(
            invite.message.bytes, .invite, branch: invite.branch, from: invite.local,
            to: invite.remote, gate: .durable, owner: .call(call))
        dialogs[invite.fromTag] = call
        return Attempt(
            number: attempt, trunk: trunk, local: invite.local, remote: invite.remote,
            localTag: invite.fromTag, invite: invite.message, transaction: transaction,
            state: state)
    }
}
