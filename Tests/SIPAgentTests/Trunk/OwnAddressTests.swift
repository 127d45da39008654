import Testing
import TrunkEvents

@testable import SIPAgent

struct OwnAddressTests {
    private func contact(_ listener: Endpoint, _ host: Octets? = nil) -> String {
        let own = OwnAddress(listener: listener, advertisedHost: host)
        return String(decoding: own.contact(user: Array("a b".utf8)), as: UTF8.self)
    }

    @Test func namesTheListenerOrWhatIsAdvertised() throws {
        let address = try #require(IPAddress("2001:db8::1"))
        let v6 = Endpoint(transport: .tcp, address: address, port: 5060)
        #expect(contact(ownListener) == "sip:a%20b@127.0.0.1:5062")
        #expect(contact(ownListener, "203.0.113.10") == "sip:a%20b@203.0.113.10:5062")
        #expect(contact(v6) == "sip:a%20b@[2001:db8::1]:5060;transport=tcp")
        #expect(contact(v6, "2001:db8::2") == "sip:a%20b@[2001:db8::2]:5060;transport=tcp")
        #expect(contact(v6, "pbx.example") == "sip:a%20b@pbx.example:5060;transport=tcp")
        // An address of the other family is of no use to a peer.
        #expect(contact(v6, "203.0.113.10") == "sip:a%20b@[2001:db8::1]:5060;transport=tcp")
        #expect(contact(ownListener, "[2001:db8::2]") == "sip:a%20b@127.0.0.1:5062")
    }
}
