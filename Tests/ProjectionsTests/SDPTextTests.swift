import Testing
import TrunkEvents

@testable import Projections

@Suite struct SDPTextTests {
    private func codec(_ body: String) -> Octets {
        SDPText.firstCodec(ofBodyIn: Octets("SIP/2.0 200 OK\r\n\r\n" + body))
    }

    @Test func firstFormatOfTheAudio() {
        #expect(SDPText.firstCodec(ofBodyIn: twoHundred) == "opus")
        #expect(codec("v=0\nm=audio 1 RTP/AVP 8 0\n") == "PCMA")
        #expect(codec("m=video 1 RTP/AVP 97\r\nm=audio 1 RTP/AVP 101\r\n") == "101")
        #expect(codec("m=audio 1 RTP/AVP\r\n") == "")
        #expect(codec("") == "")
    }
}
