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

    /// The ACK of a 2xx (section 13.2.2.4): the INVITE's CSeq and credentials. Its branch derives
    /// from the INVITE's, so that the same ACK can be made again after a restart, byte for byte.
    func acknowledgement(
        of invite: SIPMessage, sentBy: [UInt8], body: SIPMessage? = nil, gate: SendGate
    ) -> OutgoingMessage {
        var branch = Array(invite.topVia.branch ?? [])
        branch.append("ack")
        var writer = request(
            .ack, sequence: invite.cseq.number, sentBy: sentBy, branch: branch)
        writer.copyHeaders(of: invite, only: [.authorization, .proxyAuthorization])
        if let body {
            writer.copyHeaders(of: body, only: HeaderPassing.bodyHeaders)
        }
        return OutgoingMessage(
            bytes: writer.finish(body: body?.body ?? []), local: local, remote: nextHop,
            gate: gate)
    }

    /// Where requests go: the first route, else the remote target (section 12.2.1.1). A name cannot
    /// be resolved here, and a private address behind a public one cannot be reached (a peer behind
    /// NAT wrote it): those go where the peer's messages come from. So does all that goes to the
    /// address from which the peer opened a connection: the connection serves both directions
    /// (RFC 5923 section 5).
    var nextHop: Endpoint {
        let uri = routeSet.first.flatMap { NameAddress($0[...])?.uri } ?? SIPURI(remoteTarget)
        guard let uri, uri.isSIP, let address = IPAddress(host: uri.host),
            address == flow.address || !address.isPrivate || flow.address.isPrivate
        else { return flow }
        if isCalled, flow.transport != .udp, address == flow.address { return flow }
        return Endpoint(
            transport: flow.transport, address: address,
            port: uri.port ?? flow.transport.sipPort)
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

extension IPAddress {
    /// RFC 1918, RFC 6598, loopback and link-local; RFC 4193 and their kin for IPv6.
    fileprivate var isPrivate: Bool {
        guard let v4 else {
            let isLocal = high &>> 57 == 0xFC &>> 1 || high &>> 54 == 0xFE80 &>> 6
            return isLocal || (high == 0 && low == 1)
        }
        return v4 &>> 24 == 10 || v4 &>> 24 == 127 || v4 &>> 20 == 0xAC1 || v4 &>> 16 == 0xC0A8
            || v4 &>> 16 == 0xA9FE || v4 &>> 22 == 0x6440 &>> 6
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
