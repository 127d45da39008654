@testable import Ledger

/// RFC 6962 section 2.1 word for word: recursive, and slow.
struct NaiveTree {
    let leaves: [MerkleHash]

    /// Leaves that differ from each other.
    init(size: Int) {
        leaves = (0..<size).map { .leaf([UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)]) }
    }

    /// MTH(D[range]).
    func hash(_ range: Range<Int>) -> MerkleHash {
        if range.isEmpty { return .empty }
        if range.count == 1 { return leaves[range.lowerBound] }
        let middle = range.lowerBound + split(range.count)
        return .node(hash(range.lowerBound..<middle), hash(middle..<range.upperBound))
    }

    /// PATH(m, D[range]).
    func path(_ m: Int, _ range: Range<Int>) -> [MerkleHash] {
        if range.count == 1 { return [] }
        let k = split(range.count)
        let middle = range.lowerBound + k
        if m < k {
            return path(m, range.lowerBound..<middle) + [hash(middle..<range.upperBound)]
        }
        return path(m - k, middle..<range.upperBound) + [hash(range.lowerBound..<middle)]
    }

    /// PROOF(m, D[n]).
    func proof(_ m: Int, _ n: Int) -> [MerkleHash] { subproof(m, 0..<n, true) }

    private func subproof(_ m: Int, _ range: Range<Int>, _ isWhole: Bool) -> [MerkleHash] {
        if m == range.count { return isWhole ? [] : [hash(range)] }
        let k = split(range.count)
        let middle = range.lowerBound + k
        if m <= k {
            return subproof(m, range.lowerBound..<middle, isWhole)
                + [hash(middle..<range.upperBound)]
        }
        return subproof(m - k, middle..<range.upperBound, false)
            + [hash(range.lowerBound..<middle)]
    }

    /// The largest power of two smaller than `count`.
    private func split(_ count: Int) -> Int {
        var k = 1
        while 2 * k < count { k *= 2 }
        return k
    }

    /// MTH of the subtree that is `index` at `level`.
    func node(_ level: Int, _ index: UInt64) -> MerkleHash {
        hash(Int(index) << level..<(Int(index) + 1) << level)
    }
}
