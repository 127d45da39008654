import Testing
import TrunkEvents

@testable import SIPAgent

/// RFC 5922 sections 7.1 and 7.2.
@Suite struct PeerIdentityTests {
    private func identity(_ names: [String], uris: [String] = []) -> PeerIdentity {
        PeerIdentity(uris: uris.map { Array($0.utf8) }, dnsNames: names.map { Array($0.utf8) })
    }

    @Test func namesAreComparedWholeAndWithoutCase() {
        let carrier = identity(["sip.carrier.example"])
        #expect(carrier.vouches(for: "SIP.Carrier.Example"))
        #expect(!carrier.vouches(for: "carrier.example"))
        #expect(!carrier.vouches(for: "x.sip.carrier.example"))
        #expect(!identity(["*.carrier.example"]).vouches(for: "sip.carrier.example"))
        #expect(!identity([".carrier.example"]).vouches(for: "sip.carrier.example"))
        #expect(!identity([]).vouches(for: "carrier.example"))
    }

    @Test func sipURIsOutweighDomainNames() {
        let both = identity(["web.example"], uris: ["SIP:carrier.example;x=1"])
        #expect(both.vouches(for: "carrier.example"))
        #expect(!both.vouches(for: "web.example"))
        let others = ["sips:carrier.example", "sip:joe@carrier.example", "https://carrier.example"]
        for other in others {
            let identity = identity(["web.example"], uris: [other])
            #expect(identity.vouches(for: "web.example"))
            #expect(!identity.vouches(for: "carrier.example"))
        }
    }

    @Test func addressesAreVouchedForAsAddresses() {
        var carrier = identity(["127.0.0.9"])
        let rest = [UInt8](repeating: 0, count: 11) + [1]
        carrier.addresses = [[127, 0, 0, 3], [0x20, 1, 0xd, 0xb8] + rest]
        #expect(carrier.vouches(for: "127.0.0.3"))
        #expect(carrier.vouches(for: "2001:db8::1"))
        #expect(!carrier.vouches(for: "127.0.0.4"))
    }
}
