internal import TrunkEvents

extension MessageWriter {
    /// An answer to a request: status line, Via in order, From, To, Call-ID, CSeq (RFC 3261 section
    /// 8.2.6.2), and Timestamp in a 100. The caller adds other headers, then calls `finish`.
    ///
    /// - Parameters:
    ///   - reason: the phrase; nil writes the usual one of the status.
    ///   - toTag: added to a To that has none; a 100 needs none.
    ///   - source: where the request came from; with it the top Via gets `received` and `rport` as
    ///     section 18.2.1 and RFC 3581 section 4 ask.
    ///   - recordRoute: copies Record-Route, for an answer that forms a dialog (section 12.1.1).
    init(
        responseTo request: SIPMessage, status: UInt16, reason: Bytes? = nil, toTag: Bytes? = nil,
        source: Endpoint? = nil, recordRoute: Bool = false
    ) {
        self.init(
            answering: request.index, status: status, reason: reason, toTag: toTag, source: source,
            recordRoute: recordRoute)
    }

    /// The answer to a request that could not be taken; headers it lacks are left out.
    init(refusing request: MalformedRequest, toTag: Bytes? = nil, source: Endpoint? = nil) {
        self.init(
            answering: request.index, status: request.fault.status,
            reason: request.fault.reasonPhrase[...], toTag: toTag, source: source,
            recordRoute: false)
    }

    private init(
        answering index: HeaderIndex, status: UInt16, reason: Bytes?, toTag: Bytes?,
        source: Endpoint?, recordRoute: Bool
    ) {
        precondition(status >= 100 && status < 700)
        self.init()
        append("SIP/2.0 ")
        append(status)
        append(" ")
        if let reason { append(reason) } else { append(StatusPhrase.of(status)) }
        endLine()
        vias(index, source)
        if recordRoute { copyHeaders(of: index, only: [.recordRoute]) }
        if let from = index.first(.from) { header(.from, from) }
        if let to = index.first(.to) { self.to(to, status, toTag) }
        if let callID = index.first(.callID) { header(.callID, callID) }
        if let cseq = index.first(.cseq) { header(.cseq, cseq) }
        if status == 100, let timestamp = index.first(.timestamp) { header(.timestamp, timestamp) }
    }

    private mutating func to(_ value: Bytes, _ status: UInt16, _ tag: Bytes?) {
        startHeader(.to)
        append(value)
        if let tag, status > 100, NameAddress(value)?.tag == nil {
            append(";tag=")
            append(tag)
        }
        endLine()
    }

    private mutating func vias(_ index: HeaderIndex, _ source: Endpoint?) {
        var isTop = true
        for value in index.values(of: .via) {
            startHeader(.via)
            if isTop, let source, let via = Via(value) {
                topVia(via, source)
            } else {
                append(value)
            }
            isTop = false
            endLine()
        }
    }

    /// `received` when sent-by is a name, another address, or rport was asked for; a value that the
    /// sender wrote itself is not trusted.
    private mutating func topVia(_ via: Via, _ source: Endpoint) {
        let wantsPort = via.hasRport
        append(via.text.prefix(via.text.count - via.parameters.text.count))
        for (name, value) in via.parameters where !name.matches("received") {
            append(";")
            append(name)
            if name.matches("rport") {
                append("=")
                append(source.port)
            } else if !value.isEmpty {
                append("=")
                append(value)
            }
        }
        if wantsPort || IPAddress(host: via.host) != source.address {
            append(";received=")
            append(source.address)
        }
    }
}

extension SIPMessage {
    /// Where the answer to this request goes: over the connection that it came on; over UDP back to
    /// the source address, to its source port when rport was asked for, else to sent-by's (RFC 3261
    /// section 18.2.2, RFC 3581 section 4). maddr is not followed: it would let a sender aim our
    /// answers at others.
    func responseDestination(source: Endpoint) -> Endpoint {
        index.responseDestination(source: source)
    }
}

extension MalformedRequest {
    /// As for a sound request.
    func responseDestination(source: Endpoint) -> Endpoint {
        index.responseDestination(source: source)
    }
}

extension HeaderIndex {
    fileprivate func responseDestination(source: Endpoint) -> Endpoint {
        // A stream's answers go back over its connection (section 18.2.2).
        guard source.transport == .udp else { return source }
        var values = values(of: .via)
        guard let via = values.next().flatMap(Via.init), !via.hasRport else { return source }
        var destination = source
        destination.port = via.effectivePort
        return destination
    }
}
