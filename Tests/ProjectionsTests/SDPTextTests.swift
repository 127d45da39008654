import Testing
import TrunkEvents

@testable import Projections

@Suite struct SDPTextTests {
    private func codec(_ body: String) -> Octets {
        codec(in: Octets("SIP/2.0 200 OK\r\n\r\n" + body))
    }

    private func codec(in message: Octets) -> Octets {
        SDPText.firstCodec(ofBodyIn: message.bytes.span.bytes)
    }

    @Test func firstFormatOfTheAudio() {
        #expect(codec(in: twoHundred) == "opus")
        #expect(codec("v=0\nm=audio 1 RTP/AVP 8 0\n") == "PCMA")
        #expect(codec("m=video 1 RTP/AVP 97\r\nm=audio 1 RTP/AVP 101\r\n") == "101")
        let mapped = "m=audio 1 RTP/AVP 97\r\na=rtpmap:9 x/8\r\na=rtpmap:97 AMR-WB/16000"
        #expect(codec(mapped) == "AMR-WB")
        #expect(codec("m=audio 1 RTP/AVP 97\r\nm=video 2 x\r\na=rtpmap:97 H264/9") == "97")
        #expect(codec("m=audio 1 RTP/AVP\r\n") == "")
        #expect(codec("") == "")
    }
}
