/// Which events of a segment there are of streams and kinds: found in its posting lists.
extension SegmentView {
    /// The indices of the events of `streams`, which rise, rising.
    func indices(ofStreams streams: [UInt64]) throws(Corruption) -> [UInt16] {
        var found: [UInt16] = []
        for stream in streams { try addIndices(ofStream: stream, to: &found) }
        return streams.count == 1 ? found : found.sorted()
    }

    private func addIndices(
        ofStream stream: UInt64, to found: inout [UInt16]
    ) throws(Corruption) {
        guard try head.mayHold(StreamFilter.Probe(stream)) else { return }
        let range = range(of: .streams)
        guard let first = range.first, entries[first].key <= stream else { return }
        let entry = try entry(.streams, atOrBefore: stream)
        let table = try PostingTable(block(entry))
        guard let place = table.find(stream) else { return }
        try PostingList.decode(table.list(place), below: header.count, into: &found)
    }

    /// The indices of the events of `kinds`, which rise, rising, whatever their schema version.
    func indices(ofKinds kinds: [UInt16]) throws(Corruption) -> [UInt16] {
        var found: [UInt16] = []
        var lists = 0
        for entry in range(of: .kinds) {
            let table = try PostingTable(block(entry))
            for place in 0..<table.count {
                // A tag is above a kind's number by the width of a schema version.
                let kind = table.key(place) >> 8
                guard kinds.contains(where: { UInt64($0) == kind }) else { continue }
                try PostingList.decode(table.list(place), below: header.count, into: &found)
                lists += 1
            }
        }
        // One list per kind and schema version.
        return lists > 1 ? merged(found) : found
    }

    /// The same indices in order: a mark for each event beats sorting.
    private func merged(_ indices: [UInt16]) -> [UInt16] {
        var isThere = [Bool](repeating: false, count: header.count)
        for index in indices { isThere[Int(index)] = true }
        var merged: [UInt16] = []
        merged.reserveCapacity(indices.count)
        for index in 0..<header.count where isThere[index] { merged.append(UInt16(index)) }
        return merged
    }
}
