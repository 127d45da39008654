import TestSupport
import Testing

@testable import Ledger

@Suite struct InclusionProofTests {
    @Test func everyLeafOfEveryTreeIsProved() {
        let naive = NaiveTree(size: 70)
        for size in 1...70 {
            for index in 0..<size {
                let proof = naive.inclusion(index, size)
                #expect(proof.hashes == naive.path(index, 0..<size), "\(index) of \(size)")
                #expect(proof.root(with: naive.leaves[index]) == naive.hash(0..<size))
            }
        }
    }

    @Test func aProofFitsNothingElse() {
        let seed = Seed(for: "aProofFitsNothingElse")
        var generator = seed.generator()
        let naive = NaiveTree(size: 300)
        for _ in 0..<300 {
            let size = Int.random(in: 2...300, using: &generator)
            let index = Int.random(in: 0..<size, using: &generator)
            let proof = naive.inclusion(index, size)
            let root = naive.hash(0..<size)
            let leaf = naive.leaves[index]
            let other = naive.leaves[(index + 1) % size]
            #expect(proof.root(with: other) != root, "\(index) of \(size), \(seed)")
            for wrong in [
                proof.with(index: UInt64(index) ^ 1), proof.with(index: UInt64(size)),
                proof.with(hashes: Array(proof.hashes.dropLast())),
                proof.with(hashes: proof.hashes + [root]),
                proof.with(
                    hashes: proof.hashes.reversed() == proof.hashes
                        ? [] : proof.hashes.reversed()),
            ] {
                #expect(wrong.root(with: leaf) != root, "\(index) of \(size), \(seed)")
            }
        }
    }

    @Test func noNumbersAreTooLarge() {
        let hashes = NaiveTree(size: 64).leaves
        for size in [UInt64.max, .max - 1, 1 << 63, 0] as [UInt64] {
            for index in [0, size / 2, size &- 1, size] {
                for count in 0...64 {
                    let proof = InclusionProof(
                        index: index, size: size, hashes: Array(hashes[..<count]))
                    #expect(proof.root(with: .empty) == nil || count > 0)
                }
            }
        }
    }
}

extension NaiveTree {
    fileprivate func inclusion(_ index: Int, _ size: Int) -> InclusionProof {
        InclusionProof(
            index: UInt64(index), size: UInt64(size),
            hashes: MerklePath.inclusion(of: UInt64(index), in: UInt64(size)).map { subtree in
                MerklePath.hash(of: subtree) { node($0, $1) }
            })
    }
}

extension InclusionProof {
    fileprivate func with(index: UInt64? = nil, hashes: [MerkleHash]? = nil) -> InclusionProof {
        InclusionProof(index: index ?? self.index, size: size, hashes: hashes ?? self.hashes)
    }
}
