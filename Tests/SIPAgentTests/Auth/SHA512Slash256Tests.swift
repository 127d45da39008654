import Testing

@testable import SIPAgent

struct SHA512Slash256Tests {
    /// `abc` is FIPS 180-4's own example; the lengths lie around a block's end and its padding.
    @Test(arguments: [
        ("abc", 1, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"),
        ("a", 0, "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"),
        ("a", 111, "0239e429f98d0ed61ee8e2a7c30afe98c1c3a80ce5dff62a107e9c538f7632ce"),
        ("a", 112, "9216b5303edb66504570bee90e48ea5beaa5e9fe9f760bbd3e0460559fc005f6"),
        ("a", 119, "6cb452f832033489de69b49d6a8e8a1e0018092f1986c132287f4ca4ab3ee545"),
        ("a", 120, "2e6ca4d879d367d7708701ed2e448540d04a6b8fcd2b0806278cf36090b9ba2b"),
        ("a", 128, "b88f97e274f9c1d49f181c8cbd01a9c74930ad055a46ac4499a1d601f1c80bf2"),
        ("a", 300, "19f6f40dff1362d4798293b101b08b0e7d6ca4748780c164701ecce2412e3d17"),
    ])
    func hashes(text: String, count: Int, digest: String) {
        var hash = SHA512Slash256()
        for _ in 0..<count { hash.update(text.utf8) }
        #expect(DigestHash.hex(hash.finish()) == Array(digest.utf8))
    }
}
