/// The blocks of a segment that are damaged, each with the events that it tells of.
struct SegmentDamage {
    struct Block: Hashable {
        let first: Position
        let cause: Corruption
    }

    private(set) var blocks: [Block] = []

    /// Looks at every block of `segment`, whose directory is sound.
    init(_ segment: SegmentView) {
        let byRank = try? Self.indicesByRank(segment)
        for index in segment.entries.indices {
            do throws(Corruption) {
                _ = try segment.block(index)
            } catch {
                let events = Self.events(of: index, segment, byRank)
                let section = segment.entries[index].section
                let cause: Corruption =
                    if case .segment(.block) = error {
                        .segment(.block(section, through: events.upperBound))
                    } else { error }
                blocks.append(Block(first: events.lowerBound, cause: cause))
            }
        }
    }

    /// The index of the event of each rank, as the lists of kinds tell it.
    private static func indicesByRank(_ segment: SegmentView) throws(Corruption) -> [UInt16] {
        var indices: [UInt16] = []
        for entry in segment.range(of: .kinds) {
            let table = try PostingTable(segment.block(entry))
            for index in 0..<table.count {
                try PostingList.decode(
                    table.list(index), below: segment.header.count, into: &indices)
            }
        }
        guard indices.count == segment.header.count else { throw .segment(.postings) }
        return indices
    }

    /// Those of a block; all of the segment's where that is not known, or it tells of all.
    private static func events(
        of index: Int, _ segment: SegmentView, _ byRank: [UInt16]?
    ) -> ClosedRange<Position> {
        let header = segment.header
        let key = Int(clamping: segment.entries[index].key)
        let found: ClosedRange<Int>? =
            switch segment.entries[index].section {
            case .stripe: range(from: key, SegmentLayout.stripeEvents, header.count)
            case .leaves: range(from: key, SegmentLayout.leavesPerBlock, header.count)
            case .payload: byRank.flatMap { payloads(from: index, segment, $0) }
            case .frames, .kinds, .streams: nil
            }
        guard let found else { return header.first...header.last }
        let base = header.first.rawValue
        return Position(
            rawValue: base + UInt64(found.lowerBound))...Position(
                rawValue: base + UInt64(found.upperBound))
    }

    private static func range(from key: Int, _ most: Int, _ count: Int) -> ClosedRange<Int>? {
        key < count ? key...min(key + most, count) - 1 : nil
    }

    /// From the first to the last event whose payload is in the block.
    private static func payloads(
        from index: Int, _ segment: SegmentView, _ byRank: [UInt16]
    ) -> ClosedRange<Int>? {
        let entries = segment.entries[index...].prefix { $0.section == .payload }
        let next = entries.first { $0.key > segment.entries[index].key }
        let start = Int(clamping: segment.entries[index].key)
        let end = next.map { Int(clamping: $0.key) } ?? byRank.count
        guard start < end, end <= byRank.count,
            let low = byRank[start..<end].min(), let high = byRank[start..<end].max()
        else { return nil }
        return Int(low)...Int(high)
    }
}
