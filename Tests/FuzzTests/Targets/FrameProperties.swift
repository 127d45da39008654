@testable import Ledger

/// Frames of the log. Checksums and chain value would keep a fuzzer out, so that they are also set
/// right before the frame is read.
enum FrameProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) {
        _ = try? read(input)
        guard let repaired = try? FrameRepair.repaired(input) else { return }
        guard let events = try? read(repaired) else { return }
        try hold(!events.isEmpty, "a frame holds an event")
        let again = written(events, like: repaired)
        guard let back = try? read(again) else {
            throw BrokenProperty(description: "a frame that was written cannot be read")
        }
        try hold(back == events, "events are read as they were written")
    }

    /// As a reader and `verify` do.
    static func read(_ bytes: [UInt8]) throws(Corruption) -> [FrameEvent] {
        let view = try FrameView(bytes.span.bytes)
        try view.checkRecords()
        try view.checkPayloads()
        var hasher = LeafHasher(bootID: view.bootID)
        try view.checkLink(&hasher)
        for index in 0..<view.stampCount { _ = try view.stamp(index) }
        var events: [FrameEvent] = []
        for index in 0..<view.count {
            let event = try view.event(index)
            events.append(FrameEvent(header: event.header, payload: event.payload.array))
        }
        return events
    }

    private static func written(_ events: [FrameEvent], like frame: [UInt8]) -> [UInt8] {
        guard let view = try? FrameView(frame.span.bytes) else { return [] }
        var batch = EventBatch()
        for event in events { batch.append(event.header, payload: event.payload) }
        return FrameRepair.frame(
            of: batch,
            at: FrameEncoder.Place(
                first: view.first, previousLink: view.previousLink, bootID: view.bootID,
                producerSequence: view.producerSequence))
    }
}

struct FrameEvent: Equatable {
    let header: EventHeader
    let payload: [UInt8]
}

/// Frames whose sums fit what they hold.
enum FrameRepair {
    /// A frame of one batch.
    static func frame(of batch: EventBatch, at place: FrameEncoder.Place) -> [UInt8] {
        let submissions = [
            Submission(
                batch: batch, hashes: BatchHashes(of: batch, bootID: place.bootID),
                reserve: false, completion: { _ in })
        ]
        let encoder = FrameEncoder(submissions[...], at: place)
        var bytes = [UInt8](repeating: 0, count: encoder.frameBytes)
        var room = bytes.mutableSpan
        var span = room.mutableBytes
        encoder.encode(submissions[...], into: &span)
        return bytes
    }

    /// The same frame with its checksums and its chain value set right. Throws where its lengths do
    /// not fit.
    static func repaired(_ input: [UInt8]) throws(Corruption) -> [UInt8] {
        var bytes = input
        let view = try FrameView(input.span.bytes)
        let payloads = input.span.bytes.extracting(
            droppingFirst: FrameLayout.payloadsOffset(count: view.count, stamps: view.stampCount))
        store(XXH64.hash(payloads), at: FrameLayout.Header.payloadChecksum, in: &bytes)
        var hasher = LeafHasher(bootID: view.bootID)
        var leaves: [MerkleHash] = []
        for index in 0..<view.count {
            leaves.append(hasher.hash(view.header(index), payload: try view.payload(index)))
        }
        let link = LinkHasher.link(
            of: leaves[...], first: view.first, previous: view.previousLink
        ).bytes
        bytes.replaceSubrange(
            FrameLayout.Header.link..<FrameLayout.Header.link + link.count, with: link)
        let end = FrameLayout.checksumOffset(count: view.count, stamps: view.stampCount)
        store(XXH64.hash(bytes.span.bytes.extracting(first: end)), at: end, in: &bytes)
        return bytes
    }

    static func store(_ sum: UInt64, at offset: Int, in bytes: inout [UInt8]) {
        for index in 0..<8 {
            bytes[offset + index] = UInt8(truncatingIfNeeded: sum >> UInt64(8 * index))
        }
    }
}
