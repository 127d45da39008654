import TrunkEvents

/// Where a request goes first that follows what peers and proxies wrote.
enum NextHop: Hashable, Sendable {
    case endpoint(Endpoint)
    /// Of Contact, Record-Route or Service-Route.
    case named(ServerName)

    /// - Parameters:
    ///   - transport: what is spoken with whoever wrote the URI: where the URI names no transport,
    ///     or one that we do not speak, it stays.
    init(_ uri: SIPURI, from transport: TransportProtocol, reaching reach: TransportReach) {
        var transport = transport
        // What is encrypted stays so, whatever a peer writes.
        if transport != .tls, let named = uri.namedTransport, reach.speaks(named) {
            transport = named
        }
        if let address = IPAddress(host: uri.host) {
            self = .endpoint(
                Endpoint(
                    transport: transport, address: address, port: uri.port ?? transport.sipPort))
        } else {
            let host = String(decoding: uri.host, as: UTF8.self)
            self = .named(ServerName(host: host, port: uri.port, transport: .exactly(transport)))
        }
    }

    /// `nil` for what is no SIP URI.
    init?(
        ofRoute route: [UInt8], from transport: TransportProtocol, reaching reach: TransportReach
    ) {
        guard let uri = NameAddress(route[...])?.uri, uri.isSIP else { return nil }
        self.init(uri, from: transport, reaching: reach)
    }
}

extension SIPURI {
    /// What the URI says of the transport (RFC 3263 section 4.1); `nil` where it says nothing, or
    /// names one that we do not know.
    fileprivate var namedTransport: TransportProtocol? {
        if scheme == .sips { return .tls }
        guard let name = parameter(named: Bytes("transport")) else { return nil }
        return TransportProtocol.allCases.first { name.matches(ViaTransport($0).name) }
    }
}

extension Dialog {
    /// The first route, else the remote target (RFC 3261 section 12.2.1.1), over the transport that
    /// it names. A private address behind a public one cannot be reached (a peer behind NAT wrote
    /// it), so requests for it go where the peer's messages come from. So does all that goes to the
    /// address from which the peer opened a connection, unless it names another transport: the
    /// connection serves both directions (RFC 5923 section 5).
    func nextHop(reaching reach: TransportReach) -> NextHop {
        let uri = routeSet.first.flatMap { NameAddress($0[...])?.uri } ?? SIPURI(remoteTarget)
        guard let uri, uri.isSIP else { return .endpoint(flow) }
        let hop = NextHop(uri, from: flow.transport, reaching: reach)
        if case .endpoint(let endpoint) = hop,
            !reaches(endpoint.address) || isConnection(to: endpoint)
        {
            return .endpoint(flow)
        }
        return hop
    }

    /// Of the hosts of a name, the one that this dialog asks: the one that it lives with, else one
    /// drawn by their weights, always the same (RFC 2782; RFC 3263 section 4.2), of the dialog's
    /// family where there is one. While none is known, and where DNS knows none, requests go where
    /// the peer's messages come from: names that mean nothing outside of the peer's own network are
    /// common.
    func hop(among hosts: [ServerTarget]) -> Endpoint {
        guard !hosts.isEmpty else { return flow }
        var draw = Entropy.seeded(
            callID.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        let hops = hosts.drawn(using: &draw).filter { reaches($0.address) }
        if hops.contains(where: { $0 == flow || isConnection(to: $0) }) { return flow }
        return hops.sameFamilyFirst(as: flow).first ?? flow
    }

    private func reaches(_ address: IPAddress) -> Bool {
        address == flow.address || !address.isPrivate || flow.address.isPrivate
    }

    private func isConnection(to endpoint: Endpoint) -> Bool {
        isCalled && flow.transport != .udp && endpoint.address == flow.address
            && endpoint.transport == flow.transport
    }
}

extension [Endpoint] {
    func sameFamilyFirst(as other: Endpoint) -> [Endpoint] {
        let isV4 = other.address.isV4
        return filter { $0.address.isV4 == isV4 } + filter { $0.address.isV4 != isV4 }
    }
}

// DNS is asked for a name when a request needs it, and no request waits for the answer.
extension Switchboard {
    mutating func nextHop(of dialog: Dialog) -> Endpoint {
        switch dialog.nextHop(reaching: directory.reach) {
        case .endpoint(let endpoint): endpoint
        case .named(let name): dialog.hop(among: trunks.hosts(of: name, at: now.monotonic))
        }
    }

    /// The name of its next hop will be needed.
    mutating func lookAhead(in dialog: Dialog) { _ = nextHop(of: dialog) }

    /// A request inside a dialog may go to a hop of another transport or family than the dialog's
    /// listener: it leaves from the listener that reaches there, which its Via names.
    func fromFittingListener(_ message: OutgoingMessage) -> OutgoingMessage {
        let (local, remote) = (message.local, message.remote)
        if local.transport == remote.transport, local.address.isV4 == remote.address.isV4 {
            return message
        }
        guard directory.reach.reaches(remote.address, over: remote.transport),
            let request = SIPMessage(own: message.bytes)
        else { return message }
        var moved = message
        moved.local = directory.listener(towards: remote)
        moved.bytes = MessageWriter.moving(
            request, to: ViaTransport(remote.transport),
            sentBy: directory.sentBy(moved.local)[...])
        return moved
    }

    /// The ACK of a 2xx (RFC 3261 section 13.2.2.4): the INVITE's CSeq and credentials. Its branch
    /// derives from the INVITE's, so that the same ACK can be made again after a restart, byte for
    /// byte.
    mutating func acknowledgement(
        of invite: SIPMessage, in dialog: Dialog, body: SIPMessage? = nil, gate: SendGate
    ) -> OutgoingMessage {
        var branch = Array(invite.topVia.branch ?? [])
        branch.append("ack")
        var writer = dialog.request(
            .ack, sequence: invite.cseq.number, sentBy: directory.sentBy(dialog.local),
            branch: branch)
        writer.copyHeaders(of: invite, only: [.authorization, .proxyAuthorization])
        if let body {
            writer.copyHeaders(of: body, only: HeaderPassing.bodyHeaders)
        }
        return fromFittingListener(
            OutgoingMessage(
                bytes: writer.finish(body: body?.body ?? []), local: dialog.local,
                remote: nextHop(of: dialog), gate: gate))
    }

    /// A copy of the 2xx gets a copy of the ACK. The first one may have left before its next hop
    /// was located.
    mutating func repeatAcknowledgement(_ message: OutgoingMessage, in dialog: Dialog) {
        var copy = message
        copy.gate = .open
        copy.remote = nextHop(of: dialog)
        output.send(fromFittingListener(copy))
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
