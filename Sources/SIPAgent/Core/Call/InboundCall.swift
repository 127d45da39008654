import TrunkEvents

/// A call from a carrier: to the dialer that its number belongs to, on a channel of its trunk.
extension Call {
    /// A carrier that vanishes while the dialer rings sends no CANCEL: the longest that an inbound
    /// call may ring, as long as a proxy would wait (Timer C, RFC 3261 section 16.6 step 11).
    static let inboundRingMax = Nanoseconds.seconds(181)

    static func take(
        _ invite: SIPMessage, _ transaction: ServerTransactionID, on trunk: TrunkConfiguration,
        from source: Endpoint, on listener: Endpoint, _ board: inout Switchboard
    ) -> Call {
        let caller = CallerLeg(
            invite: invite, source: source, listener: listener, localTag: board.entropy.tag(),
            state: .invited(transaction),
            reliability: .init(invite, trunk.calls.reliability))
        let (dialled, number, dialer) = board.inboundTarget(of: invite)
        let giveUpAt = board.expiry(of: invite)
            .earlier(board.now.monotonic.advanced(by: inboundRingMax))
        let search = TrunkSearch(number: number, giveUpAt: giveUpAt)
        var call = Call(
            id: board.nextCallID(), direction: .inbound, callerTrunk: trunk.name, caller: caller,
            state: .offering(search))
        call.start(
            callerName: trunk.name.name, from: CallerIdentity(invite, from: [.from]),
            number: number, dialled: dialled,
            did: dialer == nil ? .empty : number.text, reference: .empty, &board)
        guard let dialer else {
            call.fail(.noRoute, &board)
            return call
        }
        let admission = board.admit(
            call.id, to: trunk.name, attempt: .first, direction: .inbound)
        guard admission == .seized else {
            call.fail(.noChannel, &board)
            return call
        }
        guard let contact = dialer.contact else {
            call.fail(CallOutcome(480, .networkOutOfOrder), &board)
            return call
        }
        guard let outgoing = board.invite(
            toDialerAt: contact, from: caller, dialer.calls) else {
            call.fail(.tooLarge, &board)
            return call
        }
        call.attempts.append(
            board.sendInvite(
                outgoing, call: call.id, trunk: trunk.name, attempt: .first, calledLeg: .dialer,
                state: .calling(.init(progressDeadline: giveUpAt))))
        return call
    }
}

extension Switchboard {
    /// The number called and whose it is. A carrier that we register with may call the registered
    /// user and name the number in To only.
    fileprivate func inboundTarget(
        of invite: SIPMessage
    ) -> (dialled: Octets, number: NormalizedNumber, dialer: DialerConfiguration?) {
        let users = [Self.user(in: invite.requestURI ?? []), Self.user(in: invite.to.uriText)]
        let numbers = users.map { user in
            let dialled = Octets(Array(user))
            return (dialled, directory.normalizer.normalize(dialled))
        }
        for (dialled, number) in numbers {
            guard let name = directory.inboundNumbers.dialer(for: number) else { continue }
            return (dialled, number, directory.dialer(named: name))
        }
        return (numbers[0].0, numbers[0].1, nil)
    }
}
