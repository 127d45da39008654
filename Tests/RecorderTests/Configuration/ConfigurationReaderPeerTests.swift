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
                == ["udp:127.0.0.4:5060", "udp:127.0.0.9:5071"])
        #expect(trunk.outboundProxy?.endpoint.description == "udp:127.0.0.5:5080")
        #expect(trunk.outboundProxy?.hostPort == "127.0.0.5:5080")
        #expect(
            trunk.sources.map(\.description)
                == ["127.0.0.3", "127.0.0.4", "127.0.0.9", "127.0.0.5"])
    }

    @Test(arguments: [
        (
            "address: sip:127.0.0.3, backup_registrars: [127.0.0.4]",
            "'backup_registrars' without 'register'; a trunk that does not register has another "
                + "trunk beside it instead"
        ),
        (
            "register: \"u:s@127.0.0.3\", backup_registrars: [nowhere.example]",
            "the host name 'nowhere.example' has no address; check the name and this machine's "
                + "DNS, or write the address"
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
