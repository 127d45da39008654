import Testing

@testable import SIPAgent

struct FingerprintTests {
    @Test func theSameBytesHaveTheSameOne() {
        let text: Bytes = Array("xxz9hG4bKa".utf8)[2...]
        #expect(Fingerprint(of: text) == Fingerprint(of: Array("z9hG4bKa".utf8)[...]))
        #expect(Fingerprint(of: text) != Fingerprint(of: Array("z9hG4bKb".utf8)[...]))
        #expect(Fingerprint(of: []) != Fingerprint(of: [0]))
    }

    /// Where one part ends and the next begins counts.
    @Test func partsAreNotRunTogether() {
        let first = Fingerprint {
            $0.combine(bytes: [1, 2])
            $0.combine(bytes: [3])
        }
        let second = Fingerprint {
            $0.combine(bytes: [1])
            $0.combine(bytes: [2, 3])
        }
        #expect(first != second)
    }

    @Test func aHundredThousandTagsDiffer() {
        var entropy = Entropy.seeded(1)
        let tags = (0..<100_000).map { _ in Fingerprint(of: entropy.tag()[...]) }
        #expect(Set(tags).count == tags.count)
    }
}
