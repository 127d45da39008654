import Testing

@testable import Projections

@Suite struct DigestTests {
    @Test func sha256() {
        #expect(
            Digest(of: Array("abc".utf8)).description
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Digest(of: Array("a".utf8), Array("bc".utf8)) == Digest(of: Array("abc".utf8)))
    }

    @Test func text() {
        let digest = Digest(of: [1])
        #expect(Digest(digest.description) == digest)
        #expect(Digest(exactly: digest.bytes) == digest)
        #expect(Digest("") == nil && Digest(exactly: [1]) == nil)
        #expect(Digest(String(repeating: "+1", count: 32)) == nil)
    }
}
