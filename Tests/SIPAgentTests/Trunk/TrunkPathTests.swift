import Testing
import TrunkEvents

@testable import SIPAgent

struct TrunkPathTests {
    private let carrier = Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5070)
    private static let reach = TransportReach([
        ownListener, Endpoint(transport: .tcp, address: ownListener.address, port: 5062),
    ])
    private let proxy = Endpoint(address: IPAddress(v4: 0x7F00_0008), port: 5088)

    private func path(proxied: Bool, _ serviceRoute: [String]) -> TrunkPath {
        var trunk = registeringTrunk()
        if proxied {
            trunk.outboundProxy = OutboundProxy(
                server: .endpoint(proxy), hostPort: "edge.example:5088")
        }
        return TrunkPath(
            trunk, hop: proxied ? proxy : carrier,
            serviceRoute: serviceRoute.map { Array($0.utf8) }, reaching: Self.reach)
    }

    @Test func withoutProxiesItIsTheCarrier() {
        #expect(
            path(proxied: false, []) == TrunkPath(remote: carrier, routes: [], port: 5070))
    }

    @Test func theProxyComesFirstThenTheServiceRoute() {
        let path = path(proxied: true, ["<sip:home.example;lr>"])
        #expect(path.remote == proxy && path.port == 5070)
        #expect(
            path.routes.map { Octets($0) }
                == ["<sip:edge.example:5088;lr>", "<sip:home.example;lr>"])
    }

    @Test func aProxyIsToldThePort() {
        var trunk = registeringTrunk()
        trunk.domain = "carrier.example"
        #expect(Octets(trunk.requestHost) == "carrier.example")
        trunk.outboundProxy = OutboundProxy(
            server: .endpoint(proxy), hostPort: "edge.example:5088")
        #expect(Octets(trunk.requestHost) == "carrier.example:5070")
    }

    /// RFC 3263 section 4.1: `sip:h:5060` is another server than `sip:h`.
    @Test(arguments: [(nil, nil), (5060, 5060), (5080, 5080)] as [(UInt16?, UInt16?)])
    func aNameKeepsThePortThatItWasWrittenWith(written: UInt16?, shown: UInt16?) {
        var trunk = registeringTrunk()
        trunk.server = .named(ServerName(host: "carrier.example", port: written))
        let path = TrunkPath(trunk, hop: carrier, serviceRoute: [], reaching: Self.reach)
        #expect(path.remote == carrier && path.port == shown)
    }

    @Test(arguments: [
        ("<sip:127.0.0.7;lr>", "udp:127.0.0.7:5060"),
        ("<sip:127.0.0.7:5099;lr>", "udp:127.0.0.7:5099"),
        ("<sip:127.0.0.7;transport=tcp;lr>", "tcp:127.0.0.7:5060"),
        ("<sip:127.0.0.7;transport=tls;lr>", "udp:127.0.0.7:5060"),
    ])
    func aServiceRouteIsFollowedWhereItNamesAnAddress(route: String, remote: String) {
        #expect(path(proxied: false, [route]).remote.description == remote)
    }

    @Test(arguments: [
        ([], "udp:127.0.0.3:5070"), (["127.0.0.7"], "udp:127.0.0.7:5060"),
        (["127.0.0.7", "127.0.0.3"], "udp:127.0.0.3:5070"),
        (["::1"], "udp:[::1]:5060"), (["::1", "127.0.0.7"], "udp:127.0.0.7:5060"),
    ] as [([String], String)])
    func aServiceRoutesNameLeadsToItsHosts(hosts: [String], remote: String) {
        var path = path(proxied: false, ["<sip:home.example;lr>"])
        #expect(path.name == ServerName(host: "home.example", transport: .exactly(.udp)))
        #expect(path.remote == carrier)
        var entropy = Entropy.seeded(1)
        let targets = hosts.compactMap { IPAddress($0) }.map { address in
            let port: UInt16 = address == carrier.address ? carrier.port : 5060
            return ServerTarget(
                priority: 1, weight: 1, endpoints: [Endpoint(address: address, port: port)])
        }
        path.follow(targets, using: &entropy)
        #expect(path.remote.description == remote)
    }
}
