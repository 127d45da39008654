import Testing

@testable import Ledger

@Suite struct SHA256Tests {
    /// FIPS 180-2, appendix B, and the empty text.
    @Test(
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ] as [(String, String)])
    func publishedValuesHold(text: String, expected: String) {
        #expect(Link(SHA256.hash(Array(text.utf8))).description == expected)
    }

    @Test func piecesHashAsTheWhole() {
        let whole = [UInt8](0..<200)
        for cut in whole.indices {
            var hasher = SHA256()
            hasher.update(Array(whole[..<cut]))
            hasher.update(Array(whole[cut...]))
            #expect(Link(hasher.finish()) == Link(SHA256.hash(whole)))
        }
    }
}
