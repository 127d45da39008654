import TestSupport
import Testing

@testable import Ledger

@Suite struct ConsistencyProofTests {
    @Test func everyTreeContinuesEveryOlderOne() {
        let naive = NaiveTree(size: 70)
        for new in 0...70 {
            for old in 0...new {
                let proof = naive.consistency(old, new)
                if old > 0 { #expect(proof.hashes == naive.proof(old, new), "\(old) to \(new)") }
                #expect(
                    proof.holds(oldRoot: naive.hash(0..<old), newRoot: naive.hash(0..<new)),
                    "\(old) to \(new)")
            }
        }
    }

    @Test func aProofFitsNothingElse() {
        let seed = Seed(for: "aProofFitsNothingElse")
        var generator = seed.generator()
        let naive = NaiveTree(size: 300)
        for _ in 0..<300 {
            let new = Int.random(in: 2...300, using: &generator)
            let old = Int.random(in: 1..<new, using: &generator)
            let proof = naive.consistency(old, new)
            let roots = (old: naive.hash(0..<old), new: naive.hash(0..<new))
            #expect(!proof.holds(oldRoot: roots.new, newRoot: roots.new), "\(old) \(new) \(seed)")
            #expect(!proof.holds(oldRoot: roots.old, newRoot: roots.old), "\(old) \(new) \(seed)")
            for place in proof.hashes.indices {
                var hashes = proof.hashes
                hashes[place] = .empty
                let wrong = ConsistencyProof(
                    oldSize: UInt64(old), newSize: UInt64(new), hashes: hashes)
                #expect(
                    !wrong.holds(oldRoot: roots.old, newRoot: roots.new), "\(old) \(new) \(seed)")
            }
            let short = ConsistencyProof(
                oldSize: UInt64(old), newSize: UInt64(new), hashes: proof.hashes.dropLast())
            #expect(!short.holds(oldRoot: roots.old, newRoot: roots.new), "\(old) \(new) \(seed)")
        }
    }

    @Test func noNumbersAreTooLarge() {
        let hashes = NaiveTree(size: 65).leaves
        for new in [UInt64.max, .max - 1, 1 << 63, 0] as [UInt64] {
            for old in [0, new / 2, new &- 1, new] {
                for count in 0...65 {
                    let proof = ConsistencyProof(
                        oldSize: old, newSize: new, hashes: Array(hashes[..<count]))
                    #expect(!proof.holds(oldRoot: hashes[0], newRoot: hashes[1]))
                }
            }
        }
    }
}

extension NaiveTree {
    fileprivate func consistency(_ old: Int, _ new: Int) -> ConsistencyProof {
        ConsistencyProof(
            oldSize: UInt64(old), newSize: UInt64(new),
            hashes: MerklePath.consistency(from: UInt64(old), to: UInt64(new)).map { subtree in
                MerklePath.hash(of: subtree) { node($0, $1) }
            })
    }
}
