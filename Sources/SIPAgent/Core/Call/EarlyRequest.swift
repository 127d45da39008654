import TrunkEvents

/// Requests within dialogs that have no 2xx yet.
extension Call {
    /// The caller may end an early dialog with BYE (RFC 3261 section 15); the called side may not.
    mutating func receiveEarly(
        _ request: SIPMessage, _ method: Method, on id: LegID,
        _ transaction: ServerTransactionID, from source: Endpoint, _ board: inout Switchboard
    ) {
        switch method {
        case .update where receivedEarlyUpdate(on: id, transaction, request, from: source, &board):
            return
        case .prack where isOfCaller(request, id):
            receivedPrack(transaction, request, from: source, &board)
        case .bye where isOfCaller(request, id) && isOffered:
            hangUpBeforeAnswer(request, &board)
            board.respond(transaction, to: request, from: source, status: 200, gate: .end)
        case .prack, .bye:
            board.respond(transaction, to: request, from: source, status: 481)
        default:
            if isOfCaller(request, id) && isOffered || isOfLiveAttempt(request, id) {
                answerForNow(request, method, on: id, transaction, from: source, &board)
            } else {
                board.respond(transaction, to: request, from: source, status: 481)
            }
        }
    }

    private func isOfCaller(_ request: SIPMessage, _ id: LegID) -> Bool {
        id == .caller && caller.invite.callID.elementsEqual(request.callID)
            && (caller.invite.from.tag ?? []).elementsEqual(request.from.tag ?? [])
    }

    private var isOffered: Bool {
        if case .invited = caller.state { true } else { false }
    }

    /// It rings there, though nothing came from there that has to be acknowledged: a dialog all the
    /// same (RFC 3261 section 12.1).
    private func isOfLiveAttempt(_ request: SIPMessage, _ id: LegID) -> Bool {
        guard case .called(let index) = id, attempts[index].isLive else { return false }
        let tag = request.from.tag ?? []
        return attempts[index].invite.callID.elementsEqual(request.callID)
            && caller.shown.contains {
                $0.attempt == attempts[index].number && $0.remoteTag.elementsEqual(tag)
            }
    }

    /// We have shown a Contact and an Allow, so that we may be asked; 481 would end the dialog (RFC
    /// 5057 section 5.1), and with it the call.
    private mutating func answerForNow(
        _ request: SIPMessage, _ method: Method, on id: LegID,
        _ transaction: ServerTransactionID, from source: Endpoint, _ board: inout Switchboard
    ) {
        switch method {
        case .options:
            answerOptions(request, transaction, from: source, &board)
        case .update where request.body.isEmpty:
            var writer = MessageWriter(responseTo: request, status: 200, source: source)
            writer.ownHeaders(contact: board.directory.contact(local(of: id)))
            board.respond(transaction, writer.finish(), status: .code(200), gate: .open)
        case .info, .update, .message, .invite, .refer, .notify:
            // RFC 3261 section 14.2: while the first INVITE has no final answer.
            var writer = MessageWriter(responseTo: request, status: 500, source: source)
            writer.retryAfter(&board.entropy)
            board.respond(transaction, writer.finish(), status: .code(500), gate: .open)
        case .bye, .prack, .ack, .cancel, .register, .subscribe, .publish, .other:
            refuseMethod(transaction, request, from: source, &board)
        }
    }
}
