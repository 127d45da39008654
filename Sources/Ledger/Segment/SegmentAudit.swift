internal import Crypto

/// Checks a segment in full: its content hash, every block's checksum, the dictionaries and lists
/// against the columns, every event against its leaf hash, and the leaf hashes against the chain.
struct SegmentAudit {
    private var hasher = LeafHasher(bootID: BootID(high: 0, low: 0))

    init() {}

    /// Throws the first fault it finds. `previousLink` is the chain value before the segment,
    /// where that is known.
    mutating func check(
        _ segment: SegmentView, after previousLink: Link?
    ) throws(Corruption) {
        if let previousLink, segment.header.previousLink != previousLink { throw .previousLink }
        try Self.checkContent(segment)
        var decoder = try SegmentDecoder(segment)
        let headers = try Self.headers(segment, &decoder)
        try Self.checkLists(segment, &decoder, headers)
        try checkChain(segment, &decoder)
    }

    private static func checkContent(_ segment: SegmentView) throws(Corruption) {
        var content = SHA256()
        // The hash function reads the bytes during the call only.
        unsafe segment.head.filter().withUnsafeBytes { unsafe content.update(bufferPointer: $0) }
        for number in 1...max(segment.header.pieceCount, 1) {
            unsafe try segment.piece(number).withUnsafeBytes {
                unsafe content.update(bufferPointer: $0)
            }
        }
        guard Link(content.finalize()) == segment.header.contentHash else {
            throw .segment(.content)
        }
        for index in segment.entries.indices { _ = try segment.block(index) }
    }

    private static func headers(
        _ segment: SegmentView, _ decoder: inout SegmentDecoder
    ) throws(Corruption) -> [EventHeader] {
        var headers: [EventHeader] = []
        headers.reserveCapacity(segment.header.count)
        for index in 0..<segment.header.count {
            headers.append(try decoder.header(index, in: segment))
        }
        let times = headers.map(\.wallTime)
        guard times.min() == segment.header.wallTimes.lowerBound,
            times.max() == segment.header.wallTimes.upperBound
        else { throw .segment(.columns) }
        return headers
    }

    private static func checkLists(
        _ segment: SegmentView, _ decoder: inout SegmentDecoder, _ headers: [EventHeader]
    ) throws(Corruption) {
        let lists = EventLists(headers)
        guard lists.streams == decoder.streams, lists.tags == decoder.tags else {
            throw .segment(.postings)
        }
        try check(lists.byStream, .streams, segment)
        try check(lists.byTag, .kinds, segment)
        for index in headers.indices
        where try decoder.rank(index, in: segment) != lists.rankOf[index] {
            throw .segment(.columns)
        }
        for stream in lists.streams where try !segment.head.mayHold(StreamID(rawValue: stream)) {
            throw .segment(.filter)
        }
    }

    private static func check(
        _ lists: [[UInt16]], _ section: SegmentSection, _ segment: SegmentView
    ) throws(Corruption) {
        var rest = lists[...]
        var found: [UInt16] = []
        for entry in segment.range(of: section) {
            let table = try PostingTable(segment.block(entry))
            for index in 0..<table.count {
                found.removeAll(keepingCapacity: true)
                try PostingList.decode(
                    table.list(index), below: segment.header.count, into: &found)
                guard rest.popFirst() == found else { throw .segment(.postings) }
            }
        }
        guard rest.isEmpty else { throw .segment(.postings) }
    }

    private mutating func checkChain(
        _ segment: SegmentView, _ decoder: inout SegmentDecoder
    ) throws(Corruption) {
        var link = segment.header.previousLink
        var leaves: [UInt8] = []
        leaves.reserveCapacity(segment.header.count * Link.byteCount)
        var index = 0
        for frame in decoder.frames {
            let first = Position(rawValue: segment.header.first.rawValue + UInt64(index))
            var chain = LinkHasher(previous: link, first: first, count: frame.count)
            hasher.bootID = frame.bootID
            for _ in 0..<frame.count {
                let leaf = try decoder.visit(index, in: segment) { event in
                    hasher.hash(event.header, payload: event.payload)
                }
                // The digest is only read while the array copies from it.
                unsafe leaf.withUnsafeBytes { unsafe leaves.append(contentsOf: $0) }
                chain.append(leaf: leaf)
                index += 1
            }
            link = chain.finish()
        }
        guard link == segment.header.link else { throw .link }
        var stored: [UInt8] = []
        stored.reserveCapacity(leaves.count)
        for entry in segment.range(of: .leaves) { stored += try segment.block(entry).array }
        guard stored == leaves else { throw .segment(.leaf) }
    }
}
