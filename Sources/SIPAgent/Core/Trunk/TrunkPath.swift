import TrunkEvents

/// The way of a request to a carrier, outside of dialogs.
struct TrunkPath: Hashable, Sendable {
    /// Where it is sent.
    var remote: Endpoint
    /// Its preloaded Route values (RFC 3261 section 8.1.1.1), the first hop first.
    var routes: [[UInt8]]
    /// The port that leads to the carrier itself, for the Request-URI; `nil` where none is needed.
    var port: UInt16?
    /// The first hop of a service route, where that is a name. `remote` is the carrier then.
    var name: ServerName?

    /// The hosts of `name`, as far as DNS has said. Where the carrier itself is one of them, and
    /// while none is known, the carrier must know the way.
    mutating func follow(_ hosts: [ServerTarget], using entropy: inout Entropy) {
        let hops = hosts.drawn(using: &entropy).sameFamilyFirst(as: remote)
        if let first = hops.first, !hops.contains(remote) { remote = first }
    }
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
    /// of a service route is asked directly.
    ///
    /// - Parameters:
    ///   - hop: the outbound proxy where there is one, else the carrier.
    ///   - reach: the transports that a service route may name.
    init(
        _ trunk: TrunkConfiguration, hop: Endpoint, serviceRoute: [[UInt8]],
        reaching reach: TransportReach
    ) {
        routes = (trunk.outboundProxy.map { [$0.route] } ?? []) + serviceRoute
        if trunk.outboundProxy != nil {
            port = trunk.server.uriPort
            remote = hop
        } else {
            port = trunk.server.name == nil ? hop.unusualPort : trunk.server.uriPort
            remote = hop
            let first = serviceRoute.first.flatMap {
                NextHop(ofRoute: $0, from: hop.transport, reaching: reach)
            }
            switch first {
            case .endpoint(let endpoint): remote = endpoint
            case .named(let name): self.name = name
            case nil: break
            }
        }
    }
}
