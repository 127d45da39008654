import TrunkEvents

/// The way of a request to a carrier, outside of dialogs.
struct TrunkPath: Hashable, Sendable {
    /// Where it is sent.
    var remote: Endpoint
    /// Its preloaded Route values (RFC 3261 section 8.1.1.1), the first hop first.
    var routes: [[UInt8]]
    /// The port of the carrier itself, for the Request-URI.
    var port: UInt16
}

extension TrunkConfiguration {
    /// The domain as a Request-URI's host, with the port where a proxy could not know it: what we
    /// send to the carrier itself needs none.
    var requestHost: [UInt8] {
        guard outboundProxy != nil, remote.port != remote.transport.sipPort, !domain.namesPort
        else { return domain.bytes }
        return domain.bytes + Array(":\(remote.port)".utf8)
    }
}

extension TrunkPath {
    /// Through the outbound proxy and along the service route, where there are any. The first hop
    /// of a service route is asked directly if it names an address; what it is behind a name the
    /// core cannot find out, so then the carrier's own address must know the way.
    init(_ trunk: TrunkConfiguration, carrier: Endpoint, serviceRoute: [[UInt8]]) {
        port = carrier.port
        routes = (trunk.outboundProxy.map { [$0.route] } ?? []) + serviceRoute
        remote =
            trunk.outboundProxy?.endpoint
            ?? serviceRoute.first.flatMap { Self.endpoint(ofRoute: $0, carrier.transport) }
            ?? carrier
    }

    private static func endpoint(
        ofRoute route: [UInt8], _ transport: TransportProtocol
    ) -> Endpoint? {
        guard let uri = NameAddress(route[...])?.uri, uri.isSIP,
            let address = IPAddress(host: uri.host)
        else { return nil }
        return Endpoint(transport: transport, address: address, port: uri.port ?? transport.sipPort)
    }
}
