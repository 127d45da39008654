import TrunkEvents

extension Dialog {
    /// Start line, Via, Route, From, To, Call-ID and CSeq of a request inside the dialog (section
    /// 12.2.1.1). The caller adds other headers, then calls `finish`.
    func request(
        _ method: Method, sequence: UInt32, sentBy: [UInt8], branch: [UInt8]
    ) -> MessageWriter {
        let hops = hops
        return MessageWriter(
            request: RequestHead(
                method: method, uri: hops.uri,
                via: ViaHead(
                    transport: ViaTransport(local.transport), sentBy: sentBy[...],
                    branch: branch[...]),
                from: localAddress, to: remoteAddress, callID: callID, cseq: sequence,
                routes: hops.routes))
    }

    /// Request-URI and Route. Where the first hop is a strict router, it stands in the Request-URI
    /// and the remote target goes to the end of the routes (section 12.2.1.1).
    private var hops: (uri: Bytes, routes: [Bytes]) {
        guard let first = routeSet.first, let address = NameAddress(first[...]),
            let uri = address.uri, !uri.isLooseRouter
        else { return (remoteTarget, routeSet.map { $0[...] }) }
        let target = MessageWriter.nameAddress(uri: remoteTarget)
        return (address.uriText, routeSet.dropFirst().map { $0[...] } + [target[...]])
    }
}

extension ViaTransport {
    init(_ transport: TransportProtocol) {
        switch transport {
        case .udp: self = .udp
        case .tcp: self = .tcp
        case .tls: self = .tls
        }
    }
}
