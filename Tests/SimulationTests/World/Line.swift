import TrunkEvents

@testable import SIPAgent

/// The line that every run is about: a dialer, a carrier that wants registration, one that knows
/// us by our address.
enum Line {
    static let agent = endpoint("127.0.0.1", 5062)
    static let dialer = endpoint("127.0.0.2", 5060)
    static let alpha = endpoint("127.0.0.3", 5070)
    static let beta = endpoint("127.0.0.4", 5080)
    static let ownNumber = "12125550100"
    static let emergency = "911"
    private static let credentials = Credentials(user: "2125550100", password: "secret")

    static func configuration(
        _ policy: RoutingPolicy, isBesieged: Bool
    ) -> SIPAgent.AgentConfiguration {
        var configuration = configuration
        configuration.routes[0].policy = policy
        guard isBesieged else { return configuration }
        configuration.dialers.append(
            DialerConfiguration(
                name: name("remote"), sources: knocking.map { AddressRange(base: $0.0.address) },
                credentials: Knocker.credentials, contact: knocking[0].0))
        configuration.security = SecuritySettings(
            requestRate: RequestRateLimit(requestsPerSecond: 20),
            ban: BanRules(failures: 3, window: .seconds(60), duration: .seconds(40)))
        return configuration
    }

    private static let knocking: [(Endpoint, Knocker.Intent)] = [
        (endpoint("127.0.0.5", 5060), .honest), (endpoint("127.0.0.6", 5060), .guessing),
        (endpoint("127.0.0.7", 5060), .flooding),
    ]

    static func knockers(seed: UInt64) -> [Knocker] {
        knocking.enumerated().map { place, knocker in
            Knocker(
                knocker.0, knocker.1, agent: agent, seed: seed &+ 388 &+ UInt64(place) &* 97)
        }
    }

    private static let vicidial: DialerConfiguration = {
        var configuration = DialerConfiguration(
            name: name("vicidial"), sources: [AddressRange(base: dialer.address)],
            contact: dialer, reference: .fromDisplay,
            calls: CallSettings(reliability: .whereSupported))
        configuration.transfersHere = true
        return configuration
    }()

    private static let configuration = SIPAgent.AgentConfiguration(
        node: name("pbx1"), listeners: [agent],
        dialers: [vicidial],
        trunks: [
            TrunkConfiguration(
                name: TrunkName(name("alpha-1")), carrier: CarrierName(name("alpha")),
                server: .endpoint(alpha), domain: Octets(alpha.address.description),
                registration: RegistrationConfiguration(
                    user: credentials.user, credentials: credentials, expires: .seconds(200)),
                sources: [AddressRange(base: alpha.address)],
                channels: ChannelLimits(
                    total: 10, inbound: 4, emergencyReserve: 1, nearCapPercent: 80),
                callsPerSecond: CallRateLimit(
                    callsPerSecond: 5, waitLimit: .milliseconds(500)),
                probeInterval: .seconds(30),
                healthLimits: HealthLimits(callsDown: 4, callPause: .seconds(5))),
            TrunkConfiguration(
                name: TrunkName(name("beta-1")), carrier: CarrierName(name("beta")),
                server: .endpoint(beta), domain: Octets(beta.address.description),
                sources: [AddressRange(base: beta.address)],
                channels: ChannelLimits(total: 20, inbound: 10), probeInterval: nil,
                noAnswerTimeout: .seconds(20),
                calls: CallSettings(probeInterval: .seconds(20))),
        ],
        routes: [
            RouteConfiguration(
                prefix: "+1",
                trunks: [
                    RouteTrunk(name: TrunkName(name("alpha-1")), share: 60),
                    RouteTrunk(name: TrunkName(name("beta-1")), share: 40),
                ])
        ],
        inboundNumbers: [
            InboundNumberConfiguration(number: Octets("+" + ownNumber), dialer: name("vicidial"))
        ],
        numbering: NumberingPlan(
            country: "1", internationalPrefixes: ["011"], emergencyNumbers: [Octets(emergency)]))

    static func parties(_ conduct: Conduct, seed: UInt64) -> [Party] {
        [
            Party(dialer, agent: agent, conduct: conduct, seed: seed &+ 97),
            Party(
                alpha, agent: agent, conduct: conduct, registers: credentials, seed: seed &+ 194),
            Party(beta, agent: agent, conduct: conduct, seed: seed &+ 291),
        ]
    }

    private static func endpoint(_ address: String, _ port: UInt16) -> Endpoint {
        guard let address = IPAddress(address) else { preconditionFailure("an address") }
        return Endpoint(address: address, port: port)
    }

    private static func name(_ text: String) -> ShortName {
        guard let name = ShortName(text) else { preconditionFailure("a name") }
        return name
    }
}
