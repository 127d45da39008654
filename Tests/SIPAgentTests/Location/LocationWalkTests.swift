import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 3263 section 4, case by case.
@Suite struct LocationWalkTests {
    private static let all = [
        "udp:127.0.0.1:5060", "tcp:127.0.0.1:5060", "tls:127.0.0.1:5061",
    ]

    /// The zone of RFC 3263 section 4.1's example.
    private static let example: Zone = {
        var zone = Zone()
        zone.naptr(
            "example.com", (50, 50, "SIPS+D2T", "_sips._tcp.example.com"),
            (90, 50, "SIP+D2T", "_sip._tcp.example.com"),
            (100, 50, "SIP+D2U", "_sip._udp.example.com"))
        zone.srv("_sips._tcp.example.com", (0, 1, 5061, "server1.example.com"))
        zone.srv(
            "_sip._tcp.example.com", (0, 1, 5060, "server1.example.com"),
            (0, 2, 5060, "server2.example.com"))
        zone.srv("_sip._udp.example.com", (0, 1, 5070, "server2.example.com"))
        zone.host("server1.example.com", "192.0.2.1")
        zone.host("server2.example.com", "192.0.2.2", "2001:db8::2")
        zone.host("example.com", "192.0.2.80")
        return zone
    }()

    private func located(
        _ name: ServerName, in zone: Zone = LocationWalkTests.example,
        listeners: [String] = LocationWalkTests.all
    ) -> [String] {
        var bed = LocatorBed(zone, [name], listeners: listeners)
        bed.resolve()
        return bed.targets(of: name)
    }

    @Test(
        arguments: [
            (LocationWalkTests.all, ["0 1 tls:192.0.2.1:5061"]),
            (
                ["udp:127.0.0.1:5060", "tcp:127.0.0.1:5060"],
                ["0 1 tcp:192.0.2.1:5060", "0 2 tcp:192.0.2.2:5060"]
            ),
            (["udp:127.0.0.1:5060"], ["0 1 udp:192.0.2.2:5070"]),
            (["udp:[::1]:5060"], ["0 1 udp:[2001:db8::2]:5070"]),
        ] as [([String], [String])])
    func theMostWantedServiceThatWeSpeakIsTaken(listeners: [String], targets: [String]) {
        #expect(located(ServerName(host: "example.com"), listeners: listeners) == targets)
    }

    @Test(
        arguments: [
            // A port takes the choice from DNS: UDP, or TLS for sips.
            (ServerName(host: "example.com", port: 5080), ["0 0 udp:192.0.2.80:5080"]),
            (
                ServerName(host: "example.com", port: 5080, transport: .secure),
                ["0 0 tls:192.0.2.80:5080"]
            ),
            (
                ServerName(host: "example.com", port: 5080, transport: .exactly(.tcp)),
                ["0 0 tcp:192.0.2.80:5080"]
            ),
            // A transport alone: its SRV, whatever NAPTR prefers.
            (
                ServerName(host: "example.com", transport: .exactly(.udp)),
                ["0 1 udp:192.0.2.2:5070"]
            ),
            // sips: of the services those on TLS.
            (ServerName(host: "example.com", transport: .secure), ["0 1 tls:192.0.2.1:5061"]),
            // No SRV: the host itself, at the transport's port.
            (ServerName(host: "server1.example.com"), ["0 0 udp:192.0.2.1:5060"]),
            (
                ServerName(host: "server1.example.com", transport: .exactly(.tls)),
                ["0 0 tls:192.0.2.1:5061"]
            ),
            (
                ServerName(host: "server1.example.com", transport: .secure),
                ["0 0 tls:192.0.2.1:5061"]
            ),
            (ServerName(host: "nowhere.example"), []),
        ] as [(ServerName, [String])])
    func whatIsWrittenTakesTheChoice(name: ServerName, targets: [String]) {
        #expect(located(name) == targets)
    }

    @Test func withoutNAPTRTheFirstTransportThatHasServicesIsTaken() {
        var zone = Self.example
        zone.records[.naptr("example.com")] = nil
        let name = ServerName(host: "example.com")
        #expect(located(name, in: zone) == ["0 1 udp:192.0.2.2:5070"])
        zone.records[.srv("_sip._udp.example.com")] = nil
        #expect(located(name, in: zone).first == "0 1 tcp:192.0.2.1:5060")
        #expect(
            located(name, in: zone, listeners: ["udp:127.0.0.1:5060"])
                == ["0 0 udp:192.0.2.80:5060"])
    }

    /// RFC 2782: a target of "." means that the service is decidedly not there.
    @Test func aServiceThatIsDeniedIsNotLookedForAtTheHost() {
        var zone = Self.example
        zone.records[.naptr("example.com")] = nil
        zone.srv("_sip._udp.example.com", (0, 0, 0, ""))
        let udp = ServerName(host: "example.com", transport: .exactly(.udp))
        #expect(located(udp, in: zone) == [])
        let any = ServerName(host: "example.com")
        #expect(located(any, in: zone).first == "0 1 tcp:192.0.2.1:5060")
        #expect(located(any, in: zone, listeners: ["udp:127.0.0.1:5060"]) == [])
    }

    @Test func aTargetWithoutAnAddressIsLeftOut() {
        var zone = Self.example
        zone.records[.addresses("server1.example.com")] = nil
        #expect(
            located(ServerName(host: "example.com", transport: .exactly(.tcp)), in: zone)
                == ["0 2 tcp:192.0.2.2:5060"])
    }

    @Test func aResolverThatFailsAtNAPTRIsNoHindrance() {
        var zone = Self.example
        zone.failing = [.naptr("example.com")]
        #expect(located(ServerName(host: "example.com"), in: zone) == ["0 1 udp:192.0.2.2:5070"])
    }

    /// Nobody knows whether there are services: the host may be a web server.
    @Test func withoutAnAnswerAboutServicesTheHostIsNotTried() {
        var zone = Self.example
        zone.failing = [.naptr("example.com"), .srv("_sip._udp.example.com")]
        #expect(located(ServerName(host: "example.com"), in: zone) == [])
    }
}
