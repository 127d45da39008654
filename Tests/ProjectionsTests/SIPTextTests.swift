import Testing
import TrunkEvents

@testable import Projections

@Suite struct SIPTextTests {
    private func tag(_ from: String) -> String {
        let message = Octets(
            "INVITE sip:b@h SIP/2.0\r\nVia: x;tag=no\r\n\(from)\r\n\r\nFrom: <x>;tag=no")
        let bytes = message.bytes.span.bytes
        let tag = SIPText.tag(ofHeader: "from", short: "f", in: bytes)
        return bytes.octets(tag).description
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
        let body = { (message: Octets) in
            let bytes = message.bytes.span.bytes
            return bytes.octets(SIPText.body(of: bytes)).description
        }
        #expect(body("A\r\nB\r\n\r\nbody") == "body")
        #expect(body("A\r\nB\r\n\r\n") == "")
        #expect(body("A\r\nB") == "")
        #expect(body(.empty) == "")
    }
}
