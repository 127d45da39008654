extension SegmentView {
    /// The indices of the events of `stream`, rising. Of a segment without it, one line of the
    /// filter is read, and nothing else.
    func indices(of stream: StreamID) throws(Corruption) -> [UInt16] {
        guard try StreamFilter.mayContain(stream.rawValue, filter()) else { return [] }
        var found: [UInt16] = []
        let range = range(of: .streams)
        guard let first = range.first, entries[first].key <= stream.rawValue else { return [] }
        let entry = try entry(.streams, atOrBefore: stream.rawValue)
        let table = try PostingTable(block(entry))
        guard let place = table.find(stream.rawValue) else { return [] }
        try PostingList.decode(table.list(place), below: header.count, into: &found)
        return found
    }

    /// The indices of the events of `kind`, rising, whatever their schema version.
    func indices(of kind: EventKind) throws(Corruption) -> [UInt16] {
        var found: [UInt16] = []
        for entry in range(of: .kinds) {
            let table = try PostingTable(block(entry))
            for place in 0..<table.count where table.key(place) >> 8 == UInt64(kind.rawValue) {
                try PostingList.decode(table.list(place), below: header.count, into: &found)
            }
        }
        // One list per schema version.
        return found.sorted()
    }
}
