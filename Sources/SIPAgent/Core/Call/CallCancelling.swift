import TrunkEvents

/// The caller hangs up before an answer (RFC 3261 section 9.2).
extension Call {
    /// The CANCEL of the first INVITE, or of a re-INVITE. Its own answer is 200 whatever it still
    /// finds to cancel.
    mutating func cancelled(
        _ transaction: ServerTransactionID, of invite: ServerTransactionID,
        _ request: SIPMessage, from source: Endpoint, _ board: inout Switchboard
    ) {
        if let modification, modification.server == invite {
            confirm(transaction, request, source, &board)
            board.cancel(modification.client)
            return
        }
        guard case .invited(let waiting) = caller.state, waiting == invite else {
            confirm(transaction, request, source, &board)
            return
        }
        hangUpBeforeAnswer(request, &board)
        confirm(transaction, request, source, &board)
    }

    /// The caller gets its 487 at once. The carrier keeps the channel until it has answered our
    /// CANCEL, or has answered the call in spite of it.
    mutating func hangUpBeforeAnswer(_ request: SIPMessage, _ board: inout Switchboard) {
        var outcome = CallOutcome.cancelled(by: side(of: .caller))
        if let cause = Q850Cause(reasonOf: request) { outcome.cause = cause }
        fail(outcome, &board)
        abandonAll(cause: outcome.cause, passing: request, &board)
    }

    private func confirm(
        _ transaction: ServerTransactionID, _ request: SIPMessage, _ source: Endpoint,
        _ board: inout Switchboard
    ) {
        // Section 9.2: the To tag of this answer and of the INVITE's should be the same.
        let writer = MessageWriter(
            responseTo: request, status: 200, toTag: caller.localTag[...], source: source)
        board.respond(transaction, writer.finish(), status: .code(200), gate: .end)
    }
}
