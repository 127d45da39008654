import TrunkEvents

/// UPDATE before the answer (RFC 3311). An offer passes where both legs have exchanged theirs
/// reliably, so that a new one means the same to both; else it is to be tried again, after the
/// answer perhaps: 500 with Retry-After.
extension Call {
    /// `false`: it belongs to no dialog that has been acknowledged.
    mutating func receivedEarlyUpdate(
        on id: LegID, _ transaction: ServerTransactionID, _ request: SIPMessage,
        from source: Endpoint, _ board: inout Switchboard
    ) -> Bool {
        guard !isEnded, let path = earlyPath(of: request, on: id) else { return false }
        if case .called = id,
            !attempts[path.attempt].early[path.early].dialog.accepts(
                sequence: request.cseq.number)
        {
            board.respond(transaction, to: request, from: source, status: 500)
            return true
        }
        if request.body.isEmpty {
            answerEarlyUpdate(path, id, transaction, request, from: source, &board)
        } else if path.isSettled, relays.isEmpty {
            relayEarly(path, id, transaction, request, from: source, &board)
        } else {
            var writer = MessageWriter(responseTo: request, status: 500, source: source)
            writer.retryAfter(&board.entropy)
            board.respond(transaction, writer.finish(), status: .code(500), gate: .open)
        }
        return true
    }

    /// An early dialog on each leg, the two ends of one ringing callee.
    private struct EarlyPath {
        /// Index of the attempt, and of its early dialog.
        let attempt: Int
        let early: Int
        /// Index of the caller's.
        let shown: Int
        /// Both legs have an answer to their first offer, and it is acknowledged.
        let isSettled: Bool
    }

    private func earlyPath(of request: SIPMessage, on id: LegID) -> EarlyPath? {
        let tag = request.to.tag ?? []
        for (place, shown) in caller.shown.enumerated() {
            guard let index = attempts.firstIndex(where: { $0.number == shown.attempt }),
                let early = attempts[index].early.firstIndex(where: {
                    $0.dialog.remoteTag == shown.remoteTag[...]
                })
            else { continue }
            let isMeant =
                id == .caller
                ? shown.localTag.elementsEqual(tag)
                : id == .called(index) && attempts[index].early[early].dialog.matches(request)
            guard isMeant, attempts[index].isLive else { continue }
            let isAnswered =
                attempts[index].early[early].hasAnswer && shown.progress != nil
                && shown.progress?.outstanding == nil
            return EarlyPath(attempt: index, early: early, shown: place, isSettled: isAnswered)
        }
        return nil
    }

    /// Without an offer it moves its sender's target, which is this leg's affair.
    private mutating func answerEarlyUpdate(
        _ path: EarlyPath, _ id: LegID, _ transaction: ServerTransactionID,
        _ request: SIPMessage, from source: Endpoint, _ board: inout Switchboard
    ) {
        noteEarlyTarget(request, path, id)
        var writer = MessageWriter(responseTo: request, status: 200, source: source)
        writer.ownHeaders(contact: board.directory.contact(local(of: id)))
        board.respond(transaction, writer.finish(), status: .code(200), gate: .open)
    }

    private mutating func noteEarlyTarget(_ message: SIPMessage, _ path: EarlyPath, _ id: LegID) {
        switch id {
        case .caller: caller.shown[path.shown].dialog?.refreshTarget(from: message)
        case .called:
            attempts[path.attempt].early[path.early].dialog.refreshTarget(from: message)
        }
    }

    private mutating func relayEarly(
        _ path: EarlyPath, _ id: LegID, _ transaction: ServerTransactionID,
        _ request: SIPMessage, from source: Endpoint, _ board: inout Switchboard
    ) {
        noteEarlyTarget(request, path, id)
        let target: LegID = id == .caller ? .called(path.attempt) : .caller
        var leg: Leg
        switch target {
        case .caller:
            leg = Leg(dialog: callersDialog(path.shown))
        case .called:
            leg = Leg(dialog: attempts[path.attempt].early[path.early].dialog)
            leg.digest = attempts[path.attempt].digest
        }
        guard let sent = board.forward(request, .update, in: &leg) else {
            board.respond(transaction, to: request, from: source, status: 513)
            return
        }
        switch target {
        case .caller: caller.shown[path.shown].dialog = leg.dialog
        case .called:
            attempts[path.attempt].early[path.early].dialog = leg.dialog
            attempts[path.attempt].digest = leg.digest
        }
        let client = board.send(
            sent.bytes, .update, branch: sent.branch, from: leg.dialog.local,
            to: board.nextHop(of: leg.dialog), gate: .open, owner: .call(self.id))
        relays.append(
            RelayedRequest(
                target: target, initiator: id, method: .update, server: transaction,
                request: request, source: source, client: client, sent: sent.bytes))
    }

    private func callersDialog(_ place: Int) -> Dialog {
        caller.shown[place].dialog
            ?? Dialog(
                invite: caller.invite, localTag: caller.shown[place].localTag,
                local: caller.listener, source: caller.source)
    }
}
