/// A frame on its own, as it is stored.
struct StoredFrame {
    let first: Position
    let last: Position
    let link: Link
    let bytes: [UInt8]

    /// Checked down to its link.
    init(_ frame: FrameView, _ hasher: inout LeafHasher) throws(Corruption) {
        try frame.checkRecords()
        try frame.checkPayloads()
        try frame.checkLink(&hasher)
        first = frame.first
        last = frame.last
        link = frame.link
        bytes = frame.bytes.array
    }

    /// Makes the frame at `place` of the submissions; `stamps` are theirs.
    init(_ submissions: [Submission], at place: FrameEncoder.Place) {
        let encoder = FrameEncoder(submissions[...], at: place)
        var bytes = [UInt8](repeating: 0, count: encoder.frameBytes)
        var span = bytes.mutableSpan
        // UInt8 has no padding whose bytes could be uninitialised.
        var room = unsafe span.mutableBytes
        encoder.encode(submissions[...], into: &room)
        first = place.first
        last = encoder.last
        link = encoder.link
        self.bytes = bytes
    }

    /// Files it behind all others.
    func store(
        in database: WriteTransaction.Database, _ transaction: borrowing WriteTransaction
    ) throws(DatabaseError) {
        try transaction.reserve(
            FrameLayout.key(first), byteCount: bytes.count, .atEnd, in: database
        ) { $0.store(bytes, at: 0) }
    }
}

extension Submission {
    /// What a frame is made of again, with nobody to tell.
    init(_ batch: EventBatch, bootID: BootID, stamp: ProducerStamp? = nil) {
        self.init(
            batch: batch, hashes: BatchHashes(of: batch, bootID: bootID),
            conditions: AppendConditions(stamp: stamp), reserve: false, completion: { _ in })
    }
}

extension SegmentView {
    /// The sealed frame at `place`, whose facts are `facts`, as it was before: but for its stamps,
    /// which are not sealed.
    func frame(
        _ facts: FrameFacts, at place: FramePlace, _ decoder: inout SegmentDecoder
    ) throws(Corruption) -> StoredFrame {
        guard facts.version == FrameLayout.version, facts.rest.isEmpty,
            facts.producer == FrameLayout.writerProducer
        else { throw .frameVersion(facts.version) }
        var batch = EventBatch()
        let start = Int(place.first.rawValue - header.first.rawValue)
        for index in start..<start + facts.count {
            try decoder.visit(index, in: self) { batch.append($0.header, payload: $0.payload) }
        }
        let frame = StoredFrame(
            [Submission(batch, bootID: facts.bootID)],
            at: FrameEncoder.Place(
                first: place.first, previousLink: place.previousLink, bootID: facts.bootID,
                producerSequence: facts.producerSequence))
        guard frame.link == place.link else { throw .link }
        return frame
    }
}
