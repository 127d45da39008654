/// The checkpoints that a snapshot holds, filed under their sizes.
extension Snapshot {
    /// The newest one, or `nil`. Its signature is not checked.
    func newestCheckpoint(of lineage: Lineage) throws(Corruption) -> SignedCheckpoint? {
        guard let checkpoints = try database(LedgerFormat.checkpointsName) else { return nil }
        var cursor = PageCursor(checkpoints)
        guard try cursor.seekLast() else { return nil }
        return try SignedCheckpoint(cursor.value(), filedUnder: cursor.key(), of: lineage)
    }

    /// The one of `size` events, or `nil`. Its signature is not checked.
    func checkpoint(
        size: UInt64, of lineage: Lineage
    ) throws(Corruption) -> SignedCheckpoint? {
        guard let checkpoints = try database(LedgerFormat.checkpointsName) else { return nil }
        let key = FrameLayout.key(Position(rawValue: size))
        // UInt8 has no padding whose bytes could be uninitialised.
        let span = unsafe key.span.bytes
        guard let value = try checkpoints.value(of: span) else { return nil }
        return try SignedCheckpoint(value, filedUnder: span, of: lineage)
    }
}

extension SignedCheckpoint {
    /// From a stored value: the note, then its checksum.
    init(
        _ value: RawSpan, filedUnder key: RawSpan, of lineage: Lineage
    ) throws(Corruption) {
        let size = key.byteCount == 8 ? key.word(at: 0).byteSwapped : 0
        let end = value.byteCount - FrameLayout.checksumBytes
        guard end >= 0, XXH64.hash(value.extracting(first: end)) == value.word(at: end),
            let head = SignedCheckpoint(parsing: value.extracting(first: end).array),
            head.checkpoint.size == size, key.byteCount == 8
        else { throw .checkpoint(size: size, .unreadable) }
        guard lineage.contains(head.checkpoint) else {
            throw .checkpoint(size: size, .foreign)
        }
        self = head
    }

    /// What is stored of it.
    var value: [UInt8] {
        let note = encoded
        var value = note + [UInt8](repeating: 0, count: FrameLayout.checksumBytes)
        var room = value.mutableSpan
        // UInt8 has no padding whose bytes could be uninitialised.
        var bytes = unsafe room.mutableBytes
        let sum = XXH64.hash(bytes.bytes.extracting(first: note.count))
        bytes.store(sum, at: note.count)
        return value
    }

    /// What is wrong with the signatures, to who trusts `keys`; `nil` when one of them signed.
    func fault(trusting keys: [VerifierKey]) -> CheckpointFault? {
        let verdicts = keys.map { $0.verdict(on: note) }
        if verdicts.contains(.forged) { return .forged }
        return verdicts.contains(.valid) ? nil : .unsigned
    }
}
