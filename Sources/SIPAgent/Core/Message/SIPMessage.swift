/// A message whose frame is sound: start line, header lines, body length; and whose Via, From, To,
/// Call-ID and CSeq are there once and can be read. What else it holds is read when asked for.
///
/// Two allocations: the datagram and the index of its header fields.
struct SIPMessage: Sendable {
    let index: HeaderIndex
    let startLine: StartLine

    /// For the parser, which has checked what this type promises.
    init(checked index: HeaderIndex, startLine: StartLine) {
        self.index = index
        self.startLine = startLine
    }

    /// Takes one whole datagram; bytes beyond Content-Length are ignored (RFC 3261 section 18.3).
    /// To answer what is malformed, use `ParseOutcome(parsing:)`.
    init(parsing datagram: [UInt8]) throws(SIPParseError) {
        switch ParseOutcome(parsing: datagram) {
        case .message(let message): self = message
        case .malformedRequest(let request): throw request.fault
        case .unusable(let fault): throw fault
        }
    }

    var bytes: [UInt8] { index.bytes }
    var body: Bytes { index.bytes[index.body] }

    var isRequest: Bool {
        switch startLine {
        case .request: true
        case .response: false
        }
    }

    /// nil for a response.
    var method: Method? {
        switch startLine {
        case .request(let method, _, _): method
        case .response: nil
        }
    }

    /// nil for a response.
    var methodName: Bytes? {
        switch startLine {
        case .request(_, let name, _): index.bytes[name]
        case .response: nil
        }
    }

    /// nil for a response.
    var requestURI: Bytes? {
        switch startLine {
        case .request(_, _, let uri): index.bytes[uri]
        case .response: nil
        }
    }

    /// nil for a request.
    var status: UInt16? {
        switch startLine {
        case .request: nil
        case .response(let status, _): status
        }
    }

    /// nil for a request.
    var reasonPhrase: Bytes? {
        switch startLine {
        case .request: nil
        case .response(_, let reason): index.bytes[reason]
        }
    }
}

// What every message has: read anew at each call, from bytes that the parser found readable.
extension SIPMessage {
    var topVia: Via { Via(checked: checked(index.firstElement(.via))) }
    var from: NameAddress { NameAddress(checked: checked(index.first(.from))) }
    var to: NameAddress { NameAddress(checked: checked(index.first(.to))) }
    var callID: Bytes { checked(index.first(.callID)) }
    var cseq: CSeq { checked(index.first(.cseq).flatMap(CSeq.init)) }

    private func checked<Value>(_ value: Value?) -> Value {
        guard let value else {
            preconditionFailure("the parser let a mandatory header pass unread")
        }
        return value
    }
}

// What a message may have; nil when it is absent or unreadable.
extension SIPMessage {
    func first(_ id: HeaderID) -> Bytes? { index.first(id) }
    func first(named name: Bytes) -> Bytes? { index.first(named: name) }
    func values(of id: HeaderID) -> HeaderValues { index.values(of: id) }

    /// The first Contact that is an address.
    var contact: NameAddress? {
        for contact in contacts {
            if case .address(let address) = contact { return address }
        }
        return nil
    }

    var contacts: some Sequence<Contact> {
        index.values(of: .contact).lazy.compactMap(Contact.init)
    }
    /// In the order of the message; a caller (UAC) reverses it for its route set (section 12.1.2).
    var recordRoutes: [NameAddress] { index.values(of: .recordRoute).compactMap(NameAddress.init) }
    var routes: [NameAddress] { index.values(of: .route).compactMap(NameAddress.init) }
    var maxForwards: UInt32? { index.first(.maxForwards)?.decimal }
    /// Seconds.
    var expires: UInt32? { index.first(.expires)?.decimal }
    /// Seconds.
    var minExpires: UInt32? { index.first(.minExpires)?.decimal }
    var rseq: UInt32? { index.first(.rseq)?.decimal }
    var retryAfter: RetryAfter? { index.first(.retryAfter).flatMap(RetryAfter.init) }
    var contentType: Bytes? { index.first(.contentType) }

    /// The Reason values; the header's own text may hold commas only inside quotes.
    var reasons: some Sequence<Reason> { index.values(of: .reason).lazy.compactMap(Reason.init) }

    /// The Q.850 cause of the Reason header, where the peer gave one.
    var q850Cause: UInt16? {
        for reason in reasons where reason.registry == .q850 {
            if let cause = reason.cause { return cause }
        }
        return nil
    }

    /// Whether a list header (Supported, Require, Allow ...) names a token, in any case.
    func lists(_ token: StaticString, in id: HeaderID) -> Bool {
        index.values(of: id).contains { $0.matches(token) }
    }
}
