import Testing

@testable import Ledger

@Suite struct SigningKeyTests {
    @Test func aKeyFileIsReadBack() throws {
        let key = SigningKey.random(name: "trunkledger/1")
        let file = key.fileContent
        let again = try #require(SigningKey(parsing: file))
        #expect(again.verifier == key.verifier)
        #expect(again.fileContent == file)
        // Ed25519 is deterministic, but the library may add randomness: both must verify.
        let note = try #require(again.sign("text\n"))
        #expect(key.verifier.verdict(on: note) == .valid)
    }

    @Test func theSecretIsNotPrinted() {
        let key = SigningKey.random(name: "trunkledger/1")
        // After the fourth: base64 may have such signs of its own.
        let secret = String(decoding: key.fileContent, as: UTF8.self)
            .split(separator: "+", maxSplits: 4).last?.dropLast()
        var dumped = ""
        dump(key, to: &dumped)
        for text in ["\(key)", String(reflecting: key), dumped] {
            #expect(text.contains("trunkledger/1"))
            #expect(!text.contains(secret ?? "+"))
            #expect(!text.contains("PRIVATE"))
        }
    }

    @Test func anythingElseIsRefused() {
        let file = String(decoding: SigningKey.random(name: "n").fileContent, as: UTF8.self)
        for text in [
            "", "\n", String(file.dropLast()), file + "\n",
            file.replacing("PRIVATE", with: "PUBLIC"),
            file.replacing("+n+", with: "+m+"), file.replacing("+n+", with: "++"),
        ] {
            #expect(SigningKey(parsing: Array(text.utf8)) == nil, "\(text.prefix(20))")
        }
    }
}
