public import TrunkEvents

// Messages.
extension AgentCore {
    /// Takes one message. Whatever it holds, the agent stays able to take the next. Before `start`
    /// it is dropped: its sender repeats it, and then its call cannot escape the recovery.
    ///
    /// - Parameters:
    ///   - source: of a message that came on a connection, the far end of that connection.
    public mutating func receive(
        _ message: [UInt8], from source: Endpoint, on listener: Endpoint, at now: Moment,
        into output: inout AgentOutput
    ) {
        guard phase != .idle else { return }
        begin(now, &output)
        let isFramed = listener.transport != .udp
        switch ParseOutcome(parsing: message, isFramed: isFramed, reusing: &fieldRoom) {
        case .message(let message):
            fieldRoom = message.index.fields
            if message.isRequest {
                receive(request: message, from: source, on: listener)
            } else {
                receive(response: message, from: source, on: listener)
            }
        case .malformedRequest(let request):
            refuse(request, from: source, on: listener)
        case .unusable:
            if board.directory.peer(at: source) == nil { drops.count(source.address, at: now) }
        }
        end(&output)
    }

    /// A message that no connection took: none came about, or it broke (RFC 3261 section 18.4).
    public mutating func undelivered(
        _ message: OutgoingMessage, at now: Moment, into output: inout AgentOutput
    ) {
        guard phase != .idle, let request = SIPMessage(own: message.bytes), request.isRequest
        else { return }
        begin(now, &output)
        board.streamRefusals.note(message.remote, at: now.monotonic)
        let failure = board.transactions.undelivered(
            request, at: now.monotonic, into: &board.output)
        if let failure { handle(failure) }
        end(&output)
    }

    private mutating func refuse(
        _ request: MalformedRequest, from source: Endpoint, on listener: Endpoint
    ) {
        guard board.directory.peer(at: source) != nil else {
            drops.count(source.address, at: board.now)
            return
        }
        guard request.method != .ack, isWithinLimits(source.address) else { return }
        let tag = board.entropy.tag()
        let writer = MessageWriter(refusing: request, toTag: tag[...], source: source)
        board.output.send(
            OutgoingMessage(
                bytes: writer.finish(), local: listener,
                remote: request.responseDestination(source: source), gate: .open))
    }

    private mutating func receive(
        response: SIPMessage, from source: Endpoint, on listener: Endpoint
    ) {
        guard ResponseCheck.verdict(response) == .accept else { return }
        let event = board.transactions.receive(
            response, from: source, on: listener, at: board.now.monotonic, into: &board.output)
        switch event {
        case .response(let client, let response):
            deliver(response, to: client)
        case .unknown(let invite):
            guard case .call(let id) = board.owners.removeValue(forKey: invite) else { return }
            onCall(id) { call, board in call.timedOut(invite, &board) }
        case .strayResponse(let response):
            guard response.cseq.method == .invite, StatusCode(response).isSuccess,
                let id = board.dialogs[response.from.tag ?? []]
            else { return }
            onCall(id) { call, board in call.answeredOutOfTransaction(response, &board) }
        case .absorbed, .request, .cancel, .ack:
            break
        }
    }

    private mutating func deliver(_ response: SIPMessage, to client: ClientTransactionID) {
        guard let owner = board.owners[client] else { return }
        let status = StatusCode(response)
        // An INVITE's 2xx may come again, until Timer M.
        let mayFollow = response.cseq.method == .invite && status.isSuccess
        if !status.isProvisional, !mayFollow { board.owners[client] = nil }
        switch owner {
        case .call(let id):
            onCall(id) { call, board in call.receive(response, to: client, &board) }
        case .trunk(let request):
            board.perform(
                board.trunks.receive(
                    response, to: request, at: board.now.monotonic, entropy: &board.entropy))
        }
    }

    private mutating func receive(
        request: SIPMessage, from source: Endpoint, on listener: Endpoint
    ) {
        guard isExpected(request, from: source) else {
            drops.count(source.address, at: board.now)
            return
        }
        guard isOfACall(request) || isWithinLimits(source.address) else { return }
        let event = board.transactions.receive(
            request, from: source, on: listener, at: board.now.monotonic, into: &board.output)
        switch event {
        case .request(let transaction, let request):
            take(request, transaction, from: source, on: listener)
        case .cancel(let transaction, let invite, let request):
            cancel(transaction, of: invite, request, from: source)
        case .ack(let request):
            guard let id = callID(of: request) else { return }
            onCall(id) { call, board in
                guard let leg = call.leg(tagged: request.to.tag ?? []) else { return }
                call.acknowledged(on: leg, request, &board)
            }
        case .absorbed, .response, .unknown, .strayResponse:
            break
        }
    }

    /// From a dialer or a carrier; or, from wherever, inside a dialog of ours: both tags are
    /// secrets that only the peer and its proxies know.
    private func isExpected(_ request: SIPMessage, from source: Endpoint) -> Bool {
        if board.directory.knows(source) { return true }
        guard let id = callID(of: request), let call = calls[id]?.call,
            let leg = call.leg(tagged: request.to.tag ?? [])
        else { return false }
        return call[leg]?.dialog.matches(request) ?? false
    }

    /// A request that no limit holds up: ACK and CANCEL speak of an INVITE that was taken, and our
    /// tag names a call that goes on.
    private func isOfACall(_ request: SIPMessage) -> Bool {
        switch request.method {
        case .ack, .cancel: true
        default: callID(of: request) != nil
        }
    }

    /// Takes a token of the source; what finds none is dropped and counted.
    private mutating func isWithinLimits(_ source: IPAddress) -> Bool {
        let now = board.now.monotonic
        guard !bans.holds(source, at: now) else {
            drops.count(source, .ban, at: board.now)
            return false
        }
        guard let limit = board.directory.configuration.security.requestRate,
            !rates.take(from: source, limit, at: now)
        else { return true }
        drops.count(source, .rate, at: board.now)
        return false
    }

    private func callID(of request: SIPMessage) -> CallID? {
        request.to.tag.flatMap { board.dialogs[$0] }
    }

    private mutating func cancel(
        _ transaction: ServerTransactionID, of invite: ServerTransactionID?,
        _ request: SIPMessage, from source: Endpoint
    ) {
        // The INVITE outside a dialog is found by its caller's names, one inside by our tag.
        let id = callID(of: request) ?? board.callers[CallerKey(request)]
        guard let invite else {
            board.respond(transaction, to: request, from: source, status: 481)
            return
        }
        guard let id, calls.contains(id) else {
            // The INVITE has had its final answer (section 9.2): nothing is left to cancel.
            board.respond(transaction, to: request, from: source, status: 200)
            return
        }
        onCall(id) { call, board in
            call.cancelled(transaction, of: invite, request, from: source, &board)
        }
    }
}
