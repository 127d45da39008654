import Testing

@testable import SIPAgent

struct SIPURITests {
    @Test(
        arguments: [
            ("sip:host", nil, "host", nil as UInt16?),
            ("sip:1.2.3.4:5080", nil, "1.2.3.4", 5_080),
            (
                "SIPS:bob:secret@Host.example:5061;transport=TLS;lr?a=b&c=", "bob", "Host.example",
                5_061
            ),
            ("sip:+1-212;ext=5@gw;user=phone", "+1-212;ext=5", "gw", nil),
            ("sip:%61lice@[2001:db8::1]:5060", "%61lice", "[2001:db8::1]", 5_060),
            ("sip:a#5@h_1", "a#5", "h_1", nil),
        ] as [(String, String?, String, UInt16?)])
    func sipURIsAreRead(_ source: String, user: String?, host: String, port: UInt16?) throws {
        let uri = try #require(SIPURI(bytes(source)))
        #expect(text(uri.user) == user)
        #expect(text(uri.host) == host)
        #expect(uri.port == port)
        #expect(uri.isSIP)
    }

    @Test(arguments: [
        "", "sip:", "sip", ":x", "sip:@h", "sip:a@", "sip:a b@h", "sip:a@h:", "sip:a@h:0",
        "sip:a@h:70000", "sip:a@h;", "sip:a@h;;lr", "sip:a@h?", "sip:a@h?x", "sip:a@h;x=%4",
        "sip:a%zz@h", "sip:a@[::1", "sip:a@h :5060", "<sip:a@h>", "1sip:a@h", "tel:", "http:a b",
        "sip:a@b@c", "sip:a:b:c@h",
    ])
    func brokenURIsAreNot(_ source: String) {
        #expect(SIPURI(bytes(source)) == nil)
    }

    @Test func partsOfAURI() throws {
        let uri = try #require(
            SIPURI(bytes("sips:bob:s3c@h.example:5061;transport=TLS;lr;x=%41?Subject=hi&a=b")))
        #expect(uri.scheme == .sips)
        #expect(text(uri.password) == "s3c")
        #expect(text(uri.hostPort) == "h.example:5061")
        #expect(text(uri.parameter("Transport")) == "TLS")
        #expect(uri.isLooseRouter)
        #expect(text(uri.parameter("x")?.percentDecoded) == "A")
        #expect(uri.parameter("maddr") == nil)
        #expect(text(uri.headers) == "Subject=hi&a=b")
        let tel = try #require(SIPURI(bytes("tel:+1-201-555-0123;ext=7")))
        #expect(tel.scheme == .tel)
        #expect(text(tel.opaque) == "+1-201-555-0123;ext=7")
    }

    /// RFC 3261 section 19.1.4, its own examples among them.
}
