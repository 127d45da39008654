import Testing

@testable import SIPAgent

@Suite struct SessionExpiresTests {
    @Test(arguments: [
        ("1800", 1_800, nil),
        ("90;refresher=uac", 90, SessionExpires.Refresher.client),
        ("4000 ; refresher=UAS;x=y", 4_000, .server),
        ("60;refresher=nobody", 60, nil),
    ] as [(String, UInt32, SessionExpires.Refresher?)])
    func saysHowLongAndWho(text: String, seconds: UInt32, refresher: SessionExpires.Refresher?) {
        let value = SessionExpires(Array(text.utf8)[...])
        #expect(value?.seconds == seconds && value?.refresher == refresher)
    }

    @Test(arguments: ["", "soon", ";refresher=uac"])
    func anythingElseIsNone(text: String) {
        #expect(SessionExpires(Array(text.utf8)[...]) == nil)
    }
}
