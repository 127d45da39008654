import Testing
import TrunkEvents

@testable import SIPAgent

@Suite struct ReopeningPortTests {
    @Test func anAnswerGoesToSentBy() {
        let request = Wire.request("OPTIONS", branch: "z9hG4bK1", sentBy: "192.0.2.1:5077")
        let answer = SIPMessage(written: Wire.response(200, to: request))
        #expect(answer.reopeningPort == 5077)
        let plain = Wire.request("OPTIONS", branch: "z9hG4bK1", sentBy: "192.0.2.1")
        #expect(SIPMessage(written: Wire.response(200, to: plain)).reopeningPort == 5060)
    }

    @Test func aRequestInADialogGoesToItsNextHop() {
        let bye = Phone(AgentBed.dialer, tag: "d")
        func port(_ uri: String, _ to: String, _ headers: [String] = []) -> UInt16? {
            SIPMessage(
                written: bye.request(
                    "BYE", uri: uri, branch: "z9hG4bK1", to: to, callID: "1", sequence: 2,
                    from: "<sip:a@b>;tag=1", headers: headers, body: .empty)
            ).reopeningPort
        }
        #expect(port("sip:a@192.0.2.9:5090", "<sip:a@b>;tag=2") == 5090)
        #expect(port("sip:a@192.0.2.9", "<sip:a@b>;tag=2") == 5060)
        #expect(
            port("sip:a@b:9", "<sip:a@b>;tag=2", ["Route: <sip:p:5091;lr>, <sip:q;lr>"]) == 5091)
        #expect(port("sip:a@192.0.2.9:5090", "<sip:a@b>") == nil)
    }
}
