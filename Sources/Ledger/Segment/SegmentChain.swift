/// What a segment's leaf hashes give back.
extension SegmentView {
    /// The stored leaf hashes of the events at `range`.
    func leaves(_ range: Range<Int>) throws(Corruption) -> [MerkleHash] {
        var leaves: [MerkleHash] = []
        for entry in self.range(of: .leaves) {
            let start = Int(clamping: entries[entry].key)
            let count = entries[entry].byteCount / Link.byteCount
            guard start < header.count else { throw .segment(.leaf) }
            let wanted = range.clamped(to: start..<start + count)
            if wanted.isEmpty { continue }
            let block = try block(entry)
            for index in wanted {
                let offset = (index - start) * Link.byteCount
                leaves.append(
                    MerkleHash(block.extracting(offset..<offset + Link.byteCount)))
            }
        }
        guard leaves.count == range.count else { throw .segment(.leaf) }
        return leaves
    }

    /// Of all pieces that are here.
    func byteCount() throws(Corruption) -> UInt64 {
        var count: UInt64 = 0
        for number in 0...UInt32(header.pieceCount) {
            count += UInt64(try head.pieces.piece(number, of: header.first)?.byteCount ?? 0)
        }
        return count
    }

    /// The frames that were sealed, with their links recomputed from the leaf hashes.
    func places() throws(Corruption) -> [FramePlace] {
        let frames = try SegmentDecoder(self).frames
        let leaves = try leaves(0..<header.count)
        var places: [FramePlace] = []
        var first = header.first
        var previous = header.previousLink
        for facts in frames {
            let start = Int(first.rawValue - header.first.rawValue)
            let frame = leaves[start..<start + facts.count]
            let link = LinkHasher.link(of: frame, first: first, previous: previous)
            let place = FramePlace(facts, first: first, previousLink: previous, link)
            places.append(place)
            previous = place.link
            first = place.last.next
        }
        guard previous == header.link else { throw .segment(.frames) }
        return places
    }
}

extension Snapshot {
    /// The sealed frame that ends at `position`, or `nil`.
    func sealedPlace(endingAt position: Position) throws(Corruption) -> FramePlace? {
        guard let segment = try segment(holding: position) else { return nil }
        return try segment.places().first { $0.last == position }
    }
}

extension FramePlace {
    /// A frame that was sealed.
    init(
        _ facts: FrameFacts, first: Position, previousLink: Link, _ link: Link
    ) {
        self.first = first
        last = Position(rawValue: first.rawValue + UInt64(facts.count) - 1)
        self.previousLink = previousLink
        self.link = link
        bootID = facts.bootID
        producer = facts.producer
        producerSequence = facts.producerSequence
    }
}
