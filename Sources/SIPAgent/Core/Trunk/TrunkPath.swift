import TrunkEvents

/// The way of a request to a carrier, outside of dialogs.
struct TrunkPath: Hashable, Sendable {
    /// Where it is sent.
    var remote: Endpoint
    /// Its preloaded Route values (RFC 3261 section 8.1.1.1), the first hop first.
    var routes: [[UInt8]]
    /// The port that leads to the carrier itself, for the Request-URI; `nil` where none is needed.
    var port: UInt16?
}

extension TrunkConfiguration {
    /// The domain as a Request-URI's host, with the port where a proxy could not know it: what we
    /// send to the carrier itself needs none.
    var requestHost: [UInt8] {
        guard outboundProxy != nil, let port = server.uriPort, !domain.namesPort
        else { return domain.bytes }
        return domain.bytes + Array(":\(port)".utf8)
    }
}

extension TrunkPath {
    /// Through the outbound proxy and along the service route, where there are any. The first hop
    /// of a service route is asked directly if it names an address; a name that nobody configured
    /// is not located, so then the carrier's own address must know the way.
    ///
    /// - Parameter hop: the outbound proxy where there is one, else the carrier.
    init(_ trunk: TrunkConfiguration, hop: Endpoint, serviceRoute: [[UInt8]]) {
        routes = (trunk.outboundProxy.map { [$0.route] } ?? []) + serviceRoute
        if trunk.outboundProxy != nil {
            port = trunk.server.uriPort
            remote = hop
        } else {
            port = trunk.server.name == nil ? hop.unusualPort : trunk.server.uriPort
            remote =
                serviceRoute.first.flatMap { Self.endpoint(ofRoute: $0, hop.transport) } ?? hop
        }
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
