/// What is computed over a batch before its place in the ledger is known.
struct BatchHashes: Sendable {
    /// Of the batch's events, in order.
    private(set) var leaves: [MerkleHash] = []
    /// A frame that holds this batch alone carries it.
    let payloadChecksum: UInt64

    init(of batch: EventBatch, bootID: BootID) {
        leaves.reserveCapacity(batch.count)
        var hasher = LeafHasher(bootID: bootID)
        // UInt8 has no padding whose bytes could be uninitialised.
        let payloads = unsafe batch.payloads.span.bytes
        payloadChecksum = XXH64.hash(payloads)
        var start = 0
        for entry in batch.entries {
            let end = Int(entry.payloadEnd)
            leaves.append(hasher.hash(entry.header, payload: payloads.extracting(start..<end)))
            start = end
        }
    }
}
