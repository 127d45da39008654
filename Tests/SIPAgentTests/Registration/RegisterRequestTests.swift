import Testing
import TrunkEvents

@testable import SIPAgent

struct RegisterRequestTests {
    private let via = ViaHead(sentBy: Bytes("127.0.0.1:5062"), branch: Bytes("z9hG4bKq"))

    @Test func hasAllThatARegistrarNeeds() {
        let request = RegisterRequest(
            registrar: Endpoint(address: IPAddress(v4: 0x7F00_0003), port: 5070),
            requestURI: Array("sip:127.0.0.3:5070".utf8),
            addressOfRecord: Array("sip:2125550100@127.0.0.3:5070".utf8),
            fromTag: Array("t1".utf8), contacts: [
                Array("sip:2125550100@127.0.0.1:5062".utf8),
                Array("sip:4000@127.0.0.1:5062".utf8),
            ],
            callID: Array("c1".utf8), cseq: 7, expiresSeconds: 3600,
            credentials: [.init(header: .authorization, value: Array("Digest x=y".utf8))],
            routes: [Array("<sip:edge.example;lr>".utf8)])
        let expected = """
            REGISTER sip:127.0.0.3:5070 SIP/2.0
            Via: SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bKq;rport
            Route: <sip:edge.example;lr>
            Max-Forwards: 70
            From: <sip:2125550100@127.0.0.3:5070>;tag=t1
            To: <sip:2125550100@127.0.0.3:5070>
            Call-ID: c1
            CSeq: 7 REGISTER
            Contact: <sip:2125550100@127.0.0.1:5062>
            Contact: <sip:4000@127.0.0.1:5062>
            Expires: 3600
            Supported: path
            Authorization: Digest x=y
            Content-Length: 0


            """
        #expect(
            String(decoding: request.message(via: via), as: UTF8.self)
                == expected.replacing("\n", with: "\r\n"))
    }
}
