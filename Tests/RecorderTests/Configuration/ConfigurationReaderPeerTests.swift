import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

@Suite struct ConfigurationReaderPeerTests {
    /// The one trunk of a carrier, with these keys.
    private func text(_ keys: String) -> String {
        """
        node: a
        ledger: b
        listen: [udp://127.0.0.1:5062]
        carriers:
          - {name: alpha, trunks: [{name: alpha-1, channels: 1, \(keys)}]}

        """
    }

    @Test func theWaysToACarrierAreUnderstood() throws {
        let keys =
            "register: \"u:s@127.0.0.3:5070\", "
            + "backup_registrars: [127.0.0.4, \"gw.example:5071\"], "
            + "outbound_proxy: sip:127.0.0.5:5080"
        let trunk = try #require(try parse(text(keys)).agent.trunks.first)
        #expect(
            trunk.registration?.backups.map(\.description)
                == ["udp:127.0.0.4:5060", "sip:gw.example:5071"])
        #expect(trunk.outboundProxy?.server.description == "udp:127.0.0.5:5080")
        #expect(trunk.outboundProxy?.hostPort == "127.0.0.5:5080")
        #expect(
            trunk.sources.map(\.description)
                == ["127.0.0.3", "127.0.0.4", "127.0.0.5"])
    }

    @Test(arguments: [
        ("address: sip:Carrier.Example.", "sip:carrier.example"),
        ("address: sips:carrier.example", nil),
        ("address: \"sip:carrier.example:5080\"", "sip:carrier.example:5080"),
        ("address: carrier.example;transport=udp", "sip:carrier.example;transport=udp"),
        ("register: \"u:s@carrier.example\"", "sip:carrier.example"),
        ("register: \"udp://u:s@carrier.example\"", "sip:carrier.example;transport=udp"),
        ("address: \"sip:carrier.example;transport=tcp\"", nil),
    ])
    func aNameIsLeftToDNS(keys: String, server: String?) throws {
        guard let server else {
            let problem = try #require(configurationProblems(text(keys)).first)
            #expect(problem.contains("'carrier.example' needs; add one to 'listen'"))
            return
        }
        let trunk = try #require(try parse(text(keys)).agent.trunks.first)
        #expect(trunk.server.description == server)
        #expect(trunk.domain.description.lowercased().hasPrefix("carrier.example"))
        #expect(trunk.sources.isEmpty && trunk.matchesServers)
        let matched = try parse(text(keys + ", match: [127.0.0.7]")).agent.trunks.first
        #expect(matched?.matchesServers == false)
    }

    @Test func theResolverIsOursToChoose() throws {
        let sample = text("address: sip:carrier.example")
        #expect(try parse(sample).dns == DNSSettings(servers: [], timeout: .seconds(2)))
        let dns = try parse(
            sample + "dns: {servers: [127.0.0.1, \"127.0.0.2:5353\", \"[::1]:54\"], "
                + "timeout: 500ms}\n"
        ).dns
        #expect(
            dns.servers.map(\.description)
                == ["udp:127.0.0.1:53", "udp:127.0.0.2:5353", "udp:[::1]:54"])
        #expect(dns.timeout == .milliseconds(500))
        let problem = configurationProblems(sample + "dns: {servers: [ns.example]}\n").first
        #expect(problem?.contains("'ns.example' is a host name; write the IP address") == true)
    }

    @Test(arguments: [
        (
            "address: sip:127.0.0.3, backup_registrars: [127.0.0.4]",
            "'backup_registrars' without 'register'; a trunk that does not register has another "
                + "trunk beside it instead"
        ),
        (
            "address: sip:127.0.0.3, outbound_proxy: \"sip:127.0.0.5:99999\"",
            "outbound_proxy: '99999' is not a port; a port is 1 to 65535"
        ),
    ])
    func contradictionsAreNamed(keys: String, problem: String) {
        let problems = configurationProblems(text(keys))
            .map { String($0.split(separator: " ", maxSplits: 1)[1]) }
        #expect(problems == [problem])
    }
}
