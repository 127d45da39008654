import Testing

@testable import SIPAgent

struct ViaTests {
    @Test func partsOfAVia() throws {
        let via = try #require(
            Via(
                bytes(
                    "SIP / 2.0 / udp  h.example : 5070;branch = z9hG4bKx;received=1.2.3.4 ;rport=99"
                )))
        #expect(via.transport == .udp)
        #expect(text(via.host) == "h.example")
        #expect(via.port == 5_070)
        #expect(text(via.sentBy) == "h.example : 5070")
        #expect(text(via.branch) == "z9hG4bKx")
        #expect(via.hasMagicCookie)
        #expect(text(via.received) == "1.2.3.4")
        #expect(via.rport == 99)
    }

    @Test func rportAloneAsks() throws {
        let via = try #require(Via(bytes("SIP/2.0/TLS [::1];rport;branch=1")))
        #expect(via.hasRport)
        #expect(via.rport == nil)
        #expect(!via.hasMagicCookie)
        #expect(via.effectivePort == 5_061)
    }

    @Test(arguments: [
        "", "SIP/2.0/UDP", "SIP/2.0/UDP ", "SIP/3.0/UDP h", "SIP/2.0 h", "SIP/2.0/UDP h:",
        "SIP/2.0/UDPh",
        "SIP/2.0/UDP h;", "SIP/2.0/UDP h x", "SIP/2.0/UDP [::1", "HTTP/2.0/UDP h",
        "SIP/2.0/UDP h:0",
    ])
    func brokenViasAreNot(_ source: String) {
        #expect(Via(bytes(source)) == nil)
    }
}
