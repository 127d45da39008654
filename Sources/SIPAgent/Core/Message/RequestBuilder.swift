/// The Via of a request that this element sends.
struct ViaHead: Sendable {
    var transport: ViaTransport
    /// `host[:port]`, IPv6 in brackets.
    var sentBy: Bytes
    /// With its magic cookie.
    var branch: Bytes
    /// Asks for the answer at the port it was sent from (RFC 3581).
    var rport = true

    init(transport: ViaTransport = .udp, sentBy: Bytes, branch: Bytes, rport: Bool = true) {
        self.transport = transport
        self.sentBy = sentBy
        self.branch = branch
        self.rport = rport
    }
}

/// What every request has (RFC 3261 section 8.1.1). From and To are whole header values, tags
/// included.
struct RequestHead: Sendable {
    var method: Method
    var uri: Bytes
    var via: ViaHead
    var maxForwards: UInt8 = 70
    var from: Bytes
    var to: Bytes
    var callID: Bytes
    var cseq: UInt32
    /// The route set, each a whole Route value, first hop first. The caller has already done
    /// section 12.2.1.1's swap for a strict router.
    var routes: [Bytes] = []

    init(
        method: Method, uri: Bytes, via: ViaHead, maxForwards: UInt8 = 70, from: Bytes, to: Bytes,
        callID: Bytes, cseq: UInt32, routes: [Bytes] = []
    ) {
        self.method = method
        self.uri = uri
        self.via = via
        self.maxForwards = maxForwards
        self.from = from
        self.to = to
        self.callID = callID
        self.cseq = cseq
        self.routes = routes
    }
}

extension MessageWriter {
    /// Start line and mandatory headers; the caller adds others, then calls `finish`.
    init(request head: RequestHead, capacity: Int = typicalCapacity) {
        precondition(head.method != .other, "this element only sends methods it knows")
        self.init(capacity: capacity)
        requestLine(head.method.name, head.uri)
        via(head.via)
        for route in head.routes { header(.route, route) }
        header(.maxForwards, number: UInt32(head.maxForwards))
        header(.from, head.from)
        header(.to, head.to)
        header(.callID, head.callID)
        cseq(head.cseq, head.method.name)
    }

    private mutating func requestLine(_ method: StaticString, _ uri: Bytes) {
        append(method)
        append(" ")
        append(uri)
        append(" SIP/2.0\r\n")
    }

    private mutating func via(_ via: ViaHead) {
        precondition(via.transport != .other)
        startHeader(.via)
        append("SIP/2.0/")
        append(via.transport.name)
        append(" ")
        append(via.sentBy)
        append(";branch=")
        append(via.branch)
        if via.rport { append(";rport") }
        endLine()
    }

    private mutating func cseq(_ number: UInt32, _ method: StaticString) {
        startHeader(.cseq)
        append(number)
        append(" ")
        append(method)
        endLine()
    }
}

extension MessageWriter {
    /// The ACK to a non-2xx answer: the INVITE's Request-URI, top Via, From, Call-ID, Route and
    /// CSeq number, and the answer's To (RFC 3261 section 17.1.1.3).
    static func ack(for invite: SIPMessage, response: SIPMessage) -> [UInt8] {
        precondition(invite.method == .invite)
        return followUp(to: invite, method: .ack, to: response.first(.to) ?? []).finish()
    }

    /// The CANCEL of an INVITE: same Request-URI, Call-ID, To, From, CSeq number, top Via and Route
    /// (RFC 3261 section 9.1). The caller adds a Reason where it has one, then calls `finish`.
    static func cancel(for invite: SIPMessage) -> MessageWriter {
        precondition(invite.method == .invite)
        return followUp(to: invite, method: .cancel, to: invite.first(.to) ?? [])
    }

    private static func followUp(
        to invite: SIPMessage, method: Method, to toValue: Bytes
    ) -> MessageWriter {
        var writer = MessageWriter(capacity: 512)
        writer.requestLine(method.name, invite.requestURI ?? [])
        writer.header(.via, invite.topVia.text)
        writer.copyHeaders(of: invite, only: [.route])
        writer.header(.maxForwards, number: 70)
        writer.copyHeaders(of: invite, only: [.from])
        writer.header(.to, toValue)
        writer.copyHeaders(of: invite, only: [.callID])
        writer.cseq(invite.cseq.number, method.name)
        return writer
    }
}
