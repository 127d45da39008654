/// Checks a segment in full: its content hash, every block's checksum, the dictionaries and lists
/// against the columns, every event against its leaf hash, and the leaf hashes against the chain.
struct SegmentAudit {
    private var hasher = LeafHasher(bootID: BootID(high: 0, low: 0))
    /// The frames that were sealed, of the segment checked last.
    private(set) var places: [FramePlace] = []
    /// Its events' hashes.
    private(set) var leaves: [MerkleHash] = []

    init() {}

    /// Throws the first fault it finds. `previousLink` is the chain value before the segment,
    /// where that is known.
    mutating func check(
        _ segment: SegmentView, after previousLink: Link?
    ) throws(Corruption) {
        if let previousLink, segment.header.previousLink != previousLink { throw .previousLink }
        // Of an archived segment, the events are not here to be hashed; its file is checked apart.
        if segment.archive != nil { return try checkArchived(segment) }
        try Self.checkContent(segment)
        var decoder = try SegmentDecoder(segment)
        let columns = try Columns(segment, &decoder)
        try columns.checkLists(.streams, segment)
        try columns.checkLists(.kinds, segment)
        try Self.checkFilter(segment, decoder.streams)
        try checkChain(segment, &decoder)
        try checkStoredLeaves(segment)
    }

    /// What an archived segment has kept: its blocks, and leaf hashes that give the chain.
    private mutating func checkArchived(_ segment: SegmentView) throws(Corruption) {
        for (index, entry) in segment.entries.enumerated() where !entry.section.isArchived {
            _ = try segment.block(index)
        }
        places = try segment.places()
        leaves = try segment.leaves(0..<segment.header.count)
    }

    private static func checkContent(_ segment: SegmentView) throws(Corruption) {
        var content = SHA256()
        content.update(segment.head.filter())
        for number in 1...max(segment.header.pieceCount, 1) {
            content.update(try segment.piece(number))
        }
        guard Link(content.finish()) == segment.header.contentHash else {
            throw .segment(.content)
        }
        for index in segment.entries.indices { _ = try segment.block(index) }
    }

    private static func checkFilter(
        _ segment: SegmentView, _ streams: [UInt64]
    ) throws(Corruption) {
        for stream in streams where try !segment.head.mayHold(StreamFilter.Probe(stream)) {
            throw .segment(.filter)
        }
    }

    private mutating func checkChain(
        _ segment: SegmentView, _ decoder: inout SegmentDecoder
    ) throws(Corruption) {
        places.removeAll(keepingCapacity: true)
        leaves.removeAll(keepingCapacity: true)
        leaves.reserveCapacity(segment.header.count)
        var link = segment.header.previousLink
        var first = segment.header.first
        for facts in decoder.frames {
            let start = leaves.count
            hasher.bootID = facts.bootID
            for _ in 0..<facts.count {
                let leaf = try decoder.visit(leaves.count, in: segment) { event in
                    hasher.hash(event.header, payload: event.payload)
                }
                leaves.append(leaf)
            }
            let chained = LinkHasher.link(of: leaves[start...], first: first, previous: link)
            let place = FramePlace(facts, first: first, previousLink: link, chained)
            places.append(place)
            link = place.link
            first = place.last.next
        }
        guard link == segment.header.link else { throw .link }
    }

    private func checkStoredLeaves(_ segment: SegmentView) throws(Corruption) {
        var rest = leaves[...]
        for entry in segment.range(of: .leaves) {
            let block = try segment.block(entry)
            let count = block.byteCount / Link.byteCount
            guard block.byteCount == count * Link.byteCount, count <= rest.count else {
                throw .segment(.leaf)
            }
            for index in 0..<count {
                let stored = MerkleHash(block.extracting(droppingFirst: index * Link.byteCount))
                guard rest.popFirst() == stored else { throw .segment(.leaf) }
            }
        }
        guard rest.isEmpty else { throw .segment(.leaf) }
    }
}

/// What the columns say of every event of a segment, for the lists to be held against.
private struct Columns {
    /// Places in the dictionary of streams.
    private var streams: [Int] = []
    /// Places in the dictionary of tags.
    private var tags: [Int] = []
    private var ranks: [Int] = []

    /// Also holds the times against the header's bounds.
    init(_ segment: SegmentView, _ decoder: inout SegmentDecoder) throws(Corruption) {
        let count = segment.header.count
        streams.reserveCapacity(count)
        tags.reserveCapacity(count)
        ranks.reserveCapacity(count)
        var earliest = Int64.max
        var latest = Int64.min
        for index in 0..<count {
            let row = try decoder.row(index, in: segment)
            streams.append(row.stream)
            tags.append(row.tag)
            ranks.append(row.rank)
            earliest = min(earliest, row.wallTime)
            latest = max(latest, row.wallTime)
        }
        let bounds = segment.header.wallTimes
        guard earliest == bounds.lowerBound, latest == bounds.upperBound else {
            throw .segment(.columns)
        }
    }

    /// Checks that each list holds just the events that the column gives its key; that those of
    /// the tags follow their ranks.
    ///
    /// Lists rise, so none holds an event twice; no event is in two, since its column names one
    /// key; and as many as there are events are in none left out.
    func checkLists(_ section: SegmentSection, _ segment: SegmentView) throws(Corruption) {
        let column = section == .streams ? streams : tags
        var key = 0
        var rank = 0
        var found: [UInt16] = []
        for entry in segment.range(of: section) {
            let table = try PostingTable(segment.block(entry))
            for index in 0..<table.count {
                found.removeAll(keepingCapacity: true)
                try PostingList.decode(
                    table.list(index), below: segment.header.count, into: &found)
                for event in found {
                    guard column[Int(event)] == key else { throw .segment(.postings) }
                    if section == .kinds, ranks[Int(event)] != rank { throw .segment(.columns) }
                    rank += 1
                }
                key += 1
            }
        }
        guard rank == column.count else { throw .segment(.postings) }
    }
}
