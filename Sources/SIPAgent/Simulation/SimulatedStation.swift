import TrunkEvents

/// What both simulated parties are made of: transactions, timers for calls, and messages written
/// with the least that SIP asks for.
struct SimulatedStation<Wakeup: Sendable>: ~Copyable {
    let local: Endpoint
    var entropy: Entropy
    private(set) var now = MonotonicInstant(nanoseconds: 0)
    private var layer = TransactionLayer()
    private var wheel = TimerWheel<Wakeup>()
    private var output = AgentOutput()

    init(local: Endpoint, entropy: Entropy) {
        self.local = local
        self.entropy = entropy
    }

    var nextDeadline: MonotonicInstant? {
        [layer.nextDeadline, wheel.nextDeadline].compactMap { $0 }.min()
    }

    /// `nil` for what is no SIP message; a simulated party answers only sound ones.
    mutating func receive(
        _ datagram: [UInt8], from remote: Endpoint, at now: MonotonicInstant
    ) -> TransactionEvent? {
        self.now = now
        guard let message = try? SIPMessage(parsing: datagram) else { return nil }
        return layer.receive(message, from: remote, on: local, at: now, into: &output)
    }

    mutating func advance(to now: MonotonicInstant) -> [TransactionTimeout] {
        self.now = now
        var timeouts: [TransactionTimeout] = []
        layer.advance(to: now, into: &output, reporting: &timeouts)
        return timeouts
    }

    mutating func nextWakeup() -> Wakeup? { wheel.popExpired(at: now) }

    mutating func wake(_ wakeup: Wakeup, after delay: Nanoseconds) -> TimerID {
        wheel.insert(wakeup, at: now.advanced(by: delay))
    }

    mutating func cancelWakeup(_ timer: TimerID?) {
        if let timer { wheel.cancel(timer) }
    }

    mutating func takeMessages() -> [OutgoingMessage] {
        defer { output.removeAll() }
        return output.steps.compactMap { step in
            switch step {
            case .send(let message): message
            case .record, .withdraw: nil
            }
        }
    }
}

// Requests.
extension SimulatedStation {
    /// A new transaction for a request whose Via is written here.
    mutating func send(
        _ method: Method, uri: [UInt8], from: [UInt8], to: [UInt8], callID: [UInt8],
        sequence: UInt32, routes: [[UInt8]] = [], headers: [UInt8] = [], body: [UInt8] = [],
        peer: Endpoint
    ) -> ClientTransactionID {
        let branch = entropy.branch()
        let request = write(
            method, uri: uri, branch: branch, from: from, to: to, callID: callID,
            sequence: sequence, routes: routes, headers: headers, body: body)
        return layer.send(
            OutgoingMessage(bytes: request, local: local, remote: peer, gate: .open),
            method: method, branch: branch, at: now, into: &output)
    }

    mutating func send(
        _ method: Method, in dialog: inout SimulatedDialog, headers: [UInt8] = [],
        body: [UInt8] = []
    ) -> ClientTransactionID {
        dialog.sequence += 1
        return send(
            method, uri: dialog.target, from: dialog.local, to: dialog.remote,
            callID: dialog.callID, sequence: dialog.sequence, routes: dialog.routes,
            headers: headers, body: body, peer: dialog.peer)
    }

    /// The ACK of a 2xx has no transaction (RFC 3261 section 13.2.2.4).
    mutating func acknowledge(
        _ dialog: SimulatedDialog, sequence: UInt32, body: [UInt8] = []
    ) {
        let bytes = write(
            .ack, uri: dialog.target, branch: entropy.branch(), from: dialog.local,
            to: dialog.remote, callID: dialog.callID, sequence: sequence, routes: dialog.routes,
            body: body)
        output.send(
            OutgoingMessage(bytes: bytes, local: local, remote: dialog.peer, gate: .open))
    }

    mutating func cancel(_ invite: ClientTransactionID) {
        layer.cancel(invite, at: now, into: &output)
    }

    private func write(
        _ method: Method, uri: [UInt8], branch: [UInt8], from: [UInt8], to: [UInt8],
        callID: [UInt8], sequence: UInt32, routes: [[UInt8]], headers: [UInt8] = [],
        body: [UInt8]
    ) -> [UInt8] {
        var writer = MessageWriter(
            request: RequestHead(
                method: method, uri: uri[...],
                via: ViaHead(sentBy: hostPort[...], branch: branch[...]), from: from[...],
                to: to[...], callID: callID[...], cseq: sequence, routes: routes.map { $0[...] }))
        if method == .invite { writer.header(.contact, contact) }
        writer.append(headers)
        return writer.finish(body: body[...], contentType: Self.mediaType)
    }
}

// Responses.
extension SimulatedStation {
    /// - Parameter body: SDP, in a 2xx to INVITE.
    mutating func respond(
        _ id: ServerTransactionID, _ status: UInt16, to request: SIPMessage, from peer: Endpoint,
        tag: [UInt8], body: [UInt8] = [], headers: [UInt8] = []
    ) {
        var writer = MessageWriter(
            responseTo: request, status: status, toTag: tag[...], source: peer,
            recordRoute: request.method == .invite)
        if request.method == .invite, status < 300 { writer.header(.contact, contact) }
        writer.append(headers)
        let bytes = writer.finish(body: body[...], contentType: Self.mediaType)
        layer.respond(
            id, response: bytes, status: .code(status), gate: .open, at: now, into: &output)
    }

    private static var mediaType: Bytes { Bytes("application/sdp") }

    /// `host:port` of this party.
    var hostPort: [UInt8] { Self.hostPort(local) }

    static func hostPort(_ endpoint: Endpoint) -> [UInt8] {
        let host = endpoint.address.isV4 ? "\(endpoint.address)" : "[\(endpoint.address)]"
        return Array("\(host):\(endpoint.port)".utf8)
    }

    private var contact: [UInt8] { Array("<sip:".utf8) + hostPort + Array(">".utf8) }

    /// One audio stream, PCMU, to the discard port: nobody sends or hears anything.
    var sessionDescription: [UInt8] {
        let family = local.address.isV4 ? "IP4" : "IP6"
        let address = "IN \(family) \(local.address)"
        return Array(
            """
            v=0\r
            o=- 1 1 \(address)\r
            s=-\r
            c=\(address)\r
            t=0 0\r
            m=audio 9 RTP/AVP 0\r
            a=rtpmap:0 PCMU/8000\r

            """.utf8)
    }
}
