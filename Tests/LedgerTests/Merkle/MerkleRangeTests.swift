import TestSupport
import Testing

@testable import Ledger

@Suite struct MerkleRangeTests {
    @Test func rootsAreTheRFCs() {
        let naive = NaiveTree(size: 300)
        var tree = MerkleRange()
        for size in 0...300 {
            #expect(tree.root == naive.hash(0..<size), "\(size) leaves")
            #expect(tree.end == UInt64(size))
            if size < 300 { tree.append(leaf: naive.leaves[size]) }
        }
    }

    /// The test vectors of the certificate-transparency projects.
    @Test func knownRoots() {
        let contents: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], Array(0x40...0x43),
            Array(0x50...0x57), Array(0x60...0x6F),
        ]
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        var tree = MerkleRange()
        #expect(
            hexadecimal(tree.root.bytes)
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for (content, root) in zip(contents, roots) {
            tree.append(leaf: .leaf(content))
            #expect(hexadecimal(tree.root.bytes) == root)
        }
    }

    @Test func rangesThatWereHashedApartJoin() {
        let seed = Seed(for: "rangesThatWereHashedApartJoin")
        var generator = seed.generator()
        let naive = NaiveTree(size: 300)
        for _ in 0..<200 {
            let size = Int.random(in: 0...300, using: &generator)
            let cuts = (0..<3).map { _ in Int.random(in: 0...size, using: &generator) }.sorted()
            var completed: [MerkleNode] = []
            var tree = MerkleRange()
            for (begin, end) in zip([0] + cuts, cuts + [size]) {
                var part = MerkleRange(at: UInt64(begin))
                for leaf in naive.leaves[begin..<end] {
                    part.append(leaf: leaf) { completed.append($0) }
                }
                tree.append(part) { completed.append($0) }
            }
            #expect(tree.root == naive.hash(0..<size), "\(cuts) of \(size), \(seed)")
            // Every whole subtree above the leaves was told, once.
            let count = (1...9).reduce(0) { $0 + size >> $1 }
            #expect(completed.count == count, "\(cuts) of \(size), \(seed)")
            #expect(Set(completed).count == count, "\(cuts) of \(size), \(seed)")
            #expect(completed.allSatisfy { $0.hash == naive.node($0.level, $0.index) })
        }
    }

    @Test func aTreeIsMadeFromItsSubtrees() {
        let naive = NaiveTree(size: 300)
        for size in 0...300 {
            var tree = MerkleRange(size: UInt64(size)) { naive.node($0, $1) }
            #expect(tree.root == naive.hash(0..<size))
            for leaf in naive.leaves[size...] { tree.append(leaf: leaf) }
            #expect(tree.root == naive.hash(0..<300))
        }
    }
}

func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
}
