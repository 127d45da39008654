import Testing

@testable import SIPAgent

@Suite struct ReplacedDialogTests {
    private static func read(_ uri: String) -> ReplacedDialog? {
        SIPURI(Array(uri.utf8)[...]).flatMap { ReplacedDialog(inHeadersOf: $0) }
    }

    // RFC 3891 section 6.1 and RFC 5359 section 2.5.
    @Test func readsWhatItWrites() throws {
        let dialog = ReplacedDialog(
            callID: Array("a b;c@192.0.2.1".utf8), toTag: Array("x".utf8),
            fromTag: Array("y".utf8))
        let uri = "sip:bob@example.com" + String(decoding: dialog.uriHeaders, as: UTF8.self)
        #expect(!uri.contains(";") && !uri.contains(" "))
        let plain = ReplacedDialog(
            callID: Array("12@host".utf8), toTag: Array("7".utf8), fromTag: Array("8".utf8))
        let text = String(decoding: plain.uriHeaders, as: UTF8.self)
        #expect(text == "?Replaces=12%40host%3Bto-tag%3D7%3Bfrom-tag%3D8")
        #expect(Self.read("sip:bob@example.com" + text) == plain)
    }

    @Test(arguments: [
        "sip:bob@example.com", "sip:bob@example.com?Subject=x",
        "sip:bob@example.com?Replaces=12%40host", "sip:bob@example.com?Replaces=%3Bto-tag%3D7",
        "sip:bob@example.com?Replaces=12%3Bto-tag%3D7",
        "sip:bob@example.com?Replaces=12%3Bto-tag%3D7%3Bfrom-tag%3D8&Require=x",
    ])
    func anythingElseReplacesNothing(uri: String) {
        #expect(Self.read(uri) == nil)
    }
}
