import Testing

@testable import SIPAgent

struct GrantedLifetimeTests {
    private func granted(_ headers: String, _ more: String...) -> UInt32 {
        let own = ["sip:2125550100@127.0.0.1:5062"] + more
        return GrantedLifetime.seconds(
            in: answer(200, "OK", headers), contacts: own.map { Array($0.utf8) }, asked: 3600)
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

    /// RFC 3261 section 10.2.4: each binding has its own lifetime.
    @Test(arguments: [
        ("<sip:2125550100@127.0.0.1:5062>;expires=60, <sip:4000@127.0.0.1:5062>;expires=30", 30),
        ("<sip:4000@127.0.0.1:5062>;expires=90, <sip:x@h>;expires=5", 90),
        ("<sip:2125550100@127.0.0.1:5062>;expires=60, <sip:4000@127.0.0.1:5062>;expires=0", 0),
    ] as [(String, UInt32)])
    func ofSeveralContactsTheFirstToEndCounts(_ contacts: String, _ seconds: UInt32) {
        #expect(granted("Contact: \(contacts)", "sip:4000@127.0.0.1:5062") == seconds)
    }
}
