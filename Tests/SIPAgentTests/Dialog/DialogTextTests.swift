import Testing

@testable import SIPAgent

@Suite struct DialogTextTests {
    private static func text(target: String = "sip:b@198.51.100.1") -> DialogText {
        DialogText(
            callID: Bytes("c-1"), localTag: Bytes("ours"), remoteTag: [],
            localAddress: Bytes("<sip:a@127.0.0.1>;tag=ours"), remoteAddress: Bytes("<sip:b@x>"),
            remoteTarget: Array(target.utf8)[...])
    }

    private static func parts(_ text: DialogText) -> [String] {
        let all: [DialogText.Part] = [
            .callID, .localTag, .remoteTag, .localAddress, .remoteAddress, .remoteTarget,
        ]
        return all.map { String(decoding: text[$0], as: UTF8.self) }
    }

    @Test func eachPartIsFound() {
        #expect(
            Self.parts(Self.text()) == [
                "c-1", "ours", "", "<sip:a@127.0.0.1>;tag=ours", "<sip:b@x>", "sip:b@198.51.100.1",
            ])
    }

    @Test(arguments: ["sip:c", "sip:someone.else@198.51.100.7:5090;transport=udp"])
    func anotherTargetLeavesTheOthersAsTheyAre(uri: String) {
        var text = Self.text()
        text.replaceTarget(Array(uri.utf8)[...])
        #expect(Self.parts(text) == Self.parts(Self.text(target: uri)))
    }
}
