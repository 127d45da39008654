import Testing

@testable import SIPAgent

@Suite struct RAckTests {
    @Test func namesTheAnswerThatIsAcknowledged() {
        let rack = RAck(Array("776656 1 INVITE".utf8)[...])
        #expect(rack?.rseq == 776_656)
        #expect(rack?.cseq.number == 1 && rack?.cseq.method == .invite)
    }

    @Test(arguments: ["", "1", "1 INVITE", "x 1 INVITE", "4294967296 1 INVITE", "1 1"])
    func anythingElseIsNone(text: String) {
        #expect(RAck(Array(text.utf8)[...]) == nil)
    }
}
