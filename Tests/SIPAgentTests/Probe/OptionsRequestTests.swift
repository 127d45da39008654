import Testing
import TrunkEvents

@testable import SIPAgent

struct OptionsRequestTests {
    @Test func isAWholeMessage() throws {
        let own = OwnAddress(listener: ownListener, advertisedHost: nil)
        let settings = try #require(
            ProbeSettings(addressTrunk(probeInterval: .seconds(30)), from: own))
        let request = OptionsRequest(
            target: settings.target, from: settings.from, fromTag: Array("t".utf8),
            contact: settings.contact, callID: Array("c".utf8), cseq: 2)
        let via = ViaHead(sentBy: own.hostPort[...], branch: Bytes("z9hG4bKq"))
        let expected = """
            OPTIONS sip:127.0.0.4:5080 SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bKq;rport
            Max-Forwards: 70
            From: <sip:127.0.0.1:5062>;tag=t
            To: <sip:127.0.0.4:5080>
            Call-ID: c
            CSeq: 2 OPTIONS
            Contact: <sip:127.0.0.1:5062>
            Accept: application/sdp
            Content-Length: 0


            """
        #expect(
            String(decoding: request.message(via: via), as: UTF8.self)
                == expected.replacing("\n", with: "\r\n"))
    }
}
