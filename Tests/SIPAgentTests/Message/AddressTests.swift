import Testing

@testable import SIPAgent

struct AddressTests {
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
    @Test(arguments: [
        ("sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtlanTa.CoM;Transport=tcp", true),
        ("sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5", true),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5", true),
        (
            "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
            "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com", true
        ),
        (
            "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
            "sip:alice@atlanta.com?priority=urgent&subject=project%20x", true
        ),
        ("SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP", false),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:5060", false),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp", false),
        ("sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp", false),
        ("sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting", false),
        ("sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off", false),
        ("sip:a@h", "sips:a@h", false), ("tel:1", "TEL:1", true), ("sip:a@h", "sip:h", false),
    ])
    func equivalence(_ left: String, _ right: String, _ same: Bool) throws {
        let (left, right) = (try #require(SIPURI(bytes(left))), try #require(SIPURI(bytes(right))))
        #expect(left.isEquivalent(to: right) == same)
        #expect(right.isEquivalent(to: left) == same)
    }

    @Test(
        arguments: [
            ("<sip:a@h>;tag=1", nil, "sip:a@h", "1"),
            ("sip:a@h;tag=1", nil, "sip:a@h", "1"),
            ("sip:a@h ; tag = 1", nil, "sip:a@h", "1"),
            ("Bob Lee <sip:a@h;lr>;x;tag=\"q\"", "Bob Lee", "sip:a@h;lr", "\"q\""),
            ("\"B \\\"q\\\" <x>, ;\" <sip:a@h>", "B \"q\" <x>, ;", "sip:a@h", nil),
            ("Bob<sip:a@h>;+sip.instance=\"<urn:uuid:1>\"", "Bob", "sip:a@h", nil),
            ("<tel:+1212>", nil, "tel:+1212", nil),
        ] as [(String, String?, String, String?)])
    func nameAddressesAreRead(_ source: String, name: String?, uri: String, tag: String?) throws {
        let address = try #require(NameAddress(bytes(source)))
        #expect(text(address.display) == name)
        #expect(text(address.uriText) == uri)
        #expect(text(address.tag) == tag)
    }

    @Test(arguments: [
        "", "<", "<>", "<sip:a@h", "\"a <sip:a@h>", "\"a\" sip:a@h", "a, b <sip:a@h>", "<sip:a@h>x",
        "<sip:a@h>;", "<sip:a@h>;=1", "<sip:a@h>;a=", "< sip:a@h>", "sip:a@h?x=1", "<sip:a@h>;a=\"",
        "\"a\\\"",
    ])
    func brokenNameAddressesAreNot(_ source: String) {
        #expect(NameAddress(bytes(source)) == nil)
    }

    @Test func contactStar() {
        guard case .all? = Contact(bytes("*")) else {
            Issue.record("no star")
            return
        }
        #expect(Contact(bytes("* ;x")) == nil)
    }

    @Test func displayNamesAreQuotedAnew() {
        let value = MessageWriter.nameAddress(
            display: bytes("A \"B\" \\ \r\nX: 1"), uri: bytes("sip:a@h"), tag: bytes("t"))
        #expect(text(value) == #""A \"B\" \\ X: 1" <sip:a@h>;tag=t"#)
        #expect(text(NameAddress(value[...])?.display) == #"A "B" \ X: 1"#)
    }
}
