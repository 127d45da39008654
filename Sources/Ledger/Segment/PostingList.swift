/// The rising indices of the events of one stream, or one kind, within a segment.
///
/// Each step is a varint: the gap to the next index (what lies between) times two; plus one when
/// a second varint follows that says how many more indices come right behind it.
enum PostingList {
    /// Shorter runs are cheaper one by one.
    private static let runMin = 3

    static func append(_ indices: ArraySlice<UInt16>, to bytes: inout [UInt8]) {
        var expected = 0
        var at = indices.startIndex
        while at < indices.endIndex {
            let start = Int(indices[at])
            var more = 0
            while at + more + 1 < indices.endIndex, Int(indices[at + more + 1]) == start + more + 1
            {
                more += 1
            }
            let isRun = more >= runMin
            bytes.append(varint: UInt64((start - expected) << 1 | (isRun ? 1 : 0)))
            if isRun { bytes.append(varint: UInt64(more)) }
            let taken = isRun ? more + 1 : 1
            expected = start + taken
            at += taken
        }
    }

    /// Adds the indices to `found`; every one is below `limit`.
    static func decode(
        _ bytes: RawSpan, below limit: Int, into found: inout [UInt16]
    ) throws(Corruption) {
        var reader = ByteReader(bytes, or: .postings)
        var next = 0
        while !reader.isAtEnd {
            let step = try reader.count(atMost: 2 * LedgerLimits.segmentEventsMax)
            let more = step & 1 == 1 ? try reader.count(atMost: limit) : 0
            let start = next + step >> 1
            guard start + more < limit else { throw .segment(.postings) }
            for index in start...start + more { found.append(UInt16(index)) }
            next = start + more + 1
        }
    }
}

/// A block of posting lists: count (4 bytes), as many rising keys (8 each), where each list ends
/// (2 each), the lists.
struct PostingTable: ~Escapable {
    private let bytes: RawSpan
    let count: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) throws(Corruption) {
        guard bytes.byteCount >= 4 else { throw .segment(.postings) }
        count = Int(bytes.half(at: 0))
        guard count > 0, count <= (bytes.byteCount - 4) / 10 else { throw .segment(.postings) }
        self.bytes = bytes
    }

    func key(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index < count, "an index of the table")
        return bytes.word(at: 4 + 8 * index)
    }

    @_lifetime(copy self)
    func list(_ index: Int) throws(Corruption) -> RawSpan {
        let start = index == 0 ? 0 : end(index - 1)
        let end = end(index)
        let base = 4 + 10 * count
        guard start < end, end <= bytes.byteCount - base else { throw .segment(.postings) }
        return bytes.extracting(base + start..<base + end)
    }

    /// The place of `key`, or `nil`.
    func find(_ key: UInt64) -> Int? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self.key(middle) < key { low = middle + 1 } else { high = middle }
        }
        return low < count && self.key(low) == key ? low : nil
    }

    private func end(_ index: Int) -> Int {
        Int(bytes.quarter(at: 4 + 8 * count + 2 * index))
    }

    /// One table being filled.
    struct Builder {
        private(set) var keys: [UInt64] = []
        private var ends: [Int] = []
        private var lists: [UInt8] = []

        /// Bytes when finished.
        var byteCount: Int { 4 + 10 * keys.count + lists.count }

        mutating func append(_ key: UInt64, _ list: [UInt8]) {
            keys.append(key)
            lists += list
            ends.append(lists.count)
        }

        func finish() -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(byteCount)
            bytes.append(UInt64(keys.count), width: 4)
            for key in keys { bytes.append(key, width: 8) }
            for end in ends { bytes.append(UInt64(end), width: 2) }
            return bytes + lists
        }
    }
}
