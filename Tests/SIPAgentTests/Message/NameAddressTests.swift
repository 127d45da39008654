import Testing

@testable import SIPAgent

struct NameAddressTests {
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
