import Testing

@testable import SIPAgent

struct GrantedLifetimeTests {
    private func granted(_ headers: String) -> UInt32 {
        let own = Array("sip:2125550100@127.0.0.1:5062".utf8)
        return GrantedLifetime.seconds(in: answer(200, "OK", headers), contact: own, asked: 3600)
    }

    @Test(arguments: [
        ("Contact: <sip:2125550100@127.0.0.1:5062>;expires=60", 60),
        ("Contact: <sip:2125550100@127.0.0.1:5062>\r\nExpires: 90", 90),
        ("Expires: 120", 120), ("Server: x", 3600),
        ("Contact: <sip:a@h>;expires=10, <sip:2125550100@127.0.0.1:5062;x=y>;expires=600", 600),
        ("Contact: <sip:a@h>;expires=10, <sip:b@h>;expires=20", 10),
        ("Contact: <sip:2125550100@127.0.0.1:5062>;expires=99999999999", 3600),
        ("Contact: <sip:2125550100@127.0.0.1:5062>;expires=0", 0),
    ] as [(String, UInt32)])
    func theOwnContactCounts(_ headers: String, _ seconds: UInt32) {
        #expect(granted(headers) == seconds)
    }
}
