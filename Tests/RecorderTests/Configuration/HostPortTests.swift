import SIPAgent
import Testing
import TrunkEvents

@testable import Recorder

@Test(arguments: [
    ("udp://127.0.0.1:5062", "udp:127.0.0.1:5062"), ("udp://[::1]:5062", "udp:[::1]:5062"),
    ("udp://0.0.0.0", "udp:0.0.0.0:5060"), ("tcp://127.0.0.1", "tcp:127.0.0.1:5060"),
    ("TCP://[::1]:5070", "tcp:[::1]:5070"),
])
func listenersAreEndpoints(text: String, endpoint: String) throws {
    #expect(try ListenText(text).endpoint.description == endpoint)
}

@Test(arguments: [
    "127.0.0.1:5060", "ws://127.0.0.1:5060", "udp://host:5060", "udp://::1:5060", "udp://[::1",
    "udp://127.0.0.1:70000", "udp://127.0.0.1:", "udp://",
])
func whatCannotBeListenedOnIsRefused(text: String) {
    #expect(throws: TextProblem.self) { try ListenText(text) }
}

@Test(
    arguments: [
        ("sip:127.0.0.4:5080", "127.0.0.4", 5080), ("127.0.0.4", "127.0.0.4", nil),
        ("sip:gw.example;transport=udp", "gw.example", nil),
        ("SIP:[2001:db8::1]", "2001:db8::1", nil),
    ] as [(String, String, UInt16?)])
func targetsAreHostAndPort(text: String, host: String, port: UInt16?) throws {
    let place = try SIPTargetText(text).place
    #expect(place.host == host)
    #expect(place.port == port)
}

@Test(
    arguments: [
        ("sip:127.0.0.4", .udp), ("sip:127.0.0.4;transport=UDP", .udp),
        ("sip:[::1]:5080;Transport=tcp", .tcp), ("sip:h;transport=tls", .tls),
        ("sips:h", .tls), ("SIPS:h:5070;transport=tls", .tls),
    ] as [(String, TransportProtocol)])
func targetsNameTheirTransport(text: String, transport: TransportProtocol) throws {
    #expect(try SIPTargetText(text).transport == transport)
}

@Test(arguments: [
    "sips:h;transport=tcp", "sip:u@h", "sip:h;transport=ws", "sip:h;transport", "sip:h;lr",
    "sip:", "sip:1.2.3",
])
func whatIsNoTargetIsRefused(text: String) {
    #expect(throws: TextProblem.self) { try SIPTargetText(text) }
}
