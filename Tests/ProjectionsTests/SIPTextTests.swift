import Testing
import TrunkEvents

@testable import Projections

@Suite struct SIPTextTests {
    private func tag(_ from: String) -> String {
        let message = Octets(
            "INVITE sip:b@h SIP/2.0\r\nVia: x;tag=no\r\n\(from)\r\n\r\nFrom: <x>;tag=no")
        return SIPText.tag(ofHeader: "from", short: "f", in: message).description
    }

    @Test func tagsOfEveryShape() {
        #expect(tag("From: <sip:a@h>;tag=one") == "one")
        #expect(tag("FROM : \"Doe; tag=no\" <sip:a@h;tag=no>;x;Tag=two") == "two")
        #expect(tag("f: sip:a@h;tag=three") == "three")
        #expect(tag("From: \"\\\"<\" <sip:a@h> ; tag=four ;y=z") == "four")
        #expect(tag("From: <sip:a@h>") == "")
        #expect(tag("To: <sip:a@h>;tag=no") == "")
    }

    @Test func bodies() {
        #expect(Array(SIPText.body(of: "A\r\nB\r\n\r\nbody")) == Array("body".utf8))
        #expect(SIPText.body(of: "A\r\nB").isEmpty)
        #expect(SIPText.body(of: .empty).isEmpty)
    }
}
