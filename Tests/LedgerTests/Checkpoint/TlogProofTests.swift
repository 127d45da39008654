import Testing

@testable import Ledger

@Suite struct TlogProofTests {
    private static let size = 137

    /// A proof of leaf 73 in a tree of 137 leaves, its key and the leaf's content.
    private func makeProof(
        carriesLeaf: Bool = true
    ) throws -> (proof: TlogProof, key: SigningKey, content: [UInt8]) {
        let key = SigningKey.random(name: "trunkledger/1")
        let contents = (0..<Self.size).map { [UInt8](repeating: UInt8($0), count: $0) }
        var tree = MerkleRange()
        for content in contents { tree.append(leaf: .leaf(content)) }
        let head = try #require(
            SignedCheckpoint(
                Checkpoint(origin: key.verifier.name, size: tree.end, root: tree.root),
                signedBy: key))
        let hashes = MerklePath.inclusion(of: 73, in: tree.end).map { subtree in
            MerklePath.hash(of: subtree) { level, index in
                var part = MerkleRange(at: index << UInt64(level))
                for leaf in Int(index) << level..<(Int(index) + 1) << level {
                    part.append(leaf: .leaf(contents[leaf]))
                }
                return part.nodes[0].hash
            }
        }
        let inclusion = InclusionProof(index: 73, size: tree.end, hashes: hashes)
        let proof = TlogProof(leaf: carriesLeaf ? contents[73] : nil, inclusion, head: head)
        return (proof, key, contents[73])
    }

    @Test func aProofIsReadBackAndProves() throws {
        let (proof, key, content) = try makeProof()
        let lines = String(decoding: proof.encoded, as: UTF8.self).split(separator: "\n")
        #expect(lines[0] == "c2sp.org/tlog-proof@v1")
        #expect(lines[1].hasPrefix("extra SUlJ"))
        #expect(lines[2] == "index 73")
        let parsed = try #require(TlogProof(parsing: proof.encoded))
        #expect(parsed == proof)
        #expect(parsed.verdict(trusting: key.verifier) == .proves)
        #expect(parsed.verdict(trusting: key.verifier, content: content) == .proves)
        #expect(parsed.verdict(trusting: key.verifier, content: [1]) == .notIncluded)
    }

    @Test func withoutItsLeafAProofNeedsOne() throws {
        let (proof, key, content) = try makeProof(carriesLeaf: false)
        let parsed = try #require(TlogProof(parsing: proof.encoded))
        #expect(parsed.verdict(trusting: key.verifier) == .leafMissing)
        #expect(parsed.verdict(trusting: key.verifier, content: content) == .proves)
    }

    @Test func strangersAreNotTrusted() throws {
        let (proof, _, _) = try makeProof()
        let sameName = SigningKey.random(name: "trunkledger/1").verifier
        let otherName = SigningKey.random(name: "trunkledger/2").verifier
        #expect(proof.verdict(trusting: sameName) == .unsigned)
        #expect(proof.verdict(trusting: otherName) == .foreign)
    }

    /// Whatever character is changed: it is refused, or says the very same thing.
    @Test func everyChangedCharacterIsNoticed() throws {
        let (proof, key, _) = try makeProof()
        let file = proof.encoded
        for place in file.indices {
            var changed = file
            changed[place] ^= 1
            guard let parsed = TlogProof(parsing: changed) else { continue }
            #expect(parsed.verdict(trusting: key.verifier) != .proves, "character \(place)")
        }
    }
}
