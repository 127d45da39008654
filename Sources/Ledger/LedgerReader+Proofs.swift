/// What a ledger can prove about itself.
extension LedgerReader {
    /// The public keys that have signed for this ledger, as the ledger itself says: who wants to
    /// be sure got them another way. The latest is the last.
    public func verifierKeys() throws(LedgerError) -> [VerifierKey] {
        try VerifierKeysFile(path: directory.verifierKeys).load()
    }

    /// The newest checkpoint, or `nil` when none was made yet. Its signature is not checked.
    public func newestCheckpoint() throws(LedgerError) -> SignedCheckpoint? {
        try withSnapshot(.zero) { snapshot throws(Corruption) in
            try snapshot.newestCheckpoint(of: lineage)
        }
    }

    /// The checkpoint of `size` events, or `nil`. Its signature is not checked.
    public func checkpoint(size: UInt64) throws(LedgerError) -> SignedCheckpoint? {
        try withSnapshot(.zero) { snapshot throws(Corruption) in
            try snapshot.checkpoint(size: size, of: lineage)
        }
    }

    /// Evidence that the event at `position` is in the ledger, against the newest checkpoint.
    /// `notCheckpointed` when the event is younger than that.
    public func proof(of position: Position) throws(LedgerError) -> TlogProof {
        try proofs(of: [position])[0]
    }

    /// Evidence for each of some events, all of it against the same newest checkpoint.
    /// `notCheckpointed` when one of them is younger than that.
    public func proofs(of positions: [Position]) throws(LedgerError) -> [TlogProof] {
        guard let last = positions.max(), let first = positions.min() else { return [] }
        let proofs = try withSnapshot(first) { snapshot throws(Corruption) -> [TlogProof]? in
            guard let head = try snapshot.newestCheckpoint(of: lineage), first >= .first,
                last <= head.checkpoint.position
            else { return nil }
            var tree = StoredTree(snapshot)
            var proofs: [TlogProof] = []
            for position in positions {
                proofs.append(try snapshot.proof(of: position, in: &tree, head))
            }
            return proofs
        }
        guard let proofs else { throw .notCheckpointed(last, in: directory.path) }
        return proofs
    }

    /// Evidence that the newest checkpoint continues the first `oldSize` events, unchanged.
    /// `notCheckpointed` when the newest checkpoint has fewer.
    public func continuation(from oldSize: UInt64) throws(LedgerError) -> ContinuationProof {
        let old = Position(rawValue: oldSize)
        let proof = try withSnapshot(old) { snapshot throws(Corruption) -> ContinuationProof? in
            guard let head = try snapshot.newestCheckpoint(of: lineage),
                oldSize <= head.checkpoint.size
            else { return nil }
            var tree = StoredTree(snapshot)
            let consistency = try tree.consistency(from: oldSize, to: head.checkpoint.size)
            guard
                consistency.holds(
                    oldRoot: try tree.range(size: oldSize).root, newRoot: head.checkpoint.root)
            else { throw .checkpoint(size: head.checkpoint.size, .root) }
            return ContinuationProof(consistency, head: head)
        }
        guard let proof else { throw .notCheckpointed(old, in: directory.path) }
        return proof
    }
}

extension Snapshot {
    fileprivate func proof(
        of position: Position, in tree: inout StoredTree, _ head: SignedCheckpoint
    ) throws(Corruption) -> TlogProof {
        let size = head.checkpoint.size
        let leaf = try leaf(at: position)
        let inclusion = try tree.inclusion(of: position.rawValue - 1, in: size)
        // What would not convince anybody is not given out.
        guard inclusion.root(with: leaf.hash) == head.checkpoint.root else {
            throw .checkpoint(size: size, .root)
        }
        return TlogProof(leaf: leaf.content, inclusion, head: head)
    }

    /// The event at `position` with all that its hash covers.
    func leaf(at position: Position) throws(Corruption) -> EventLeaf {
        var cursor = PageCursor(try frames())
        let key = FrameLayout.key(position)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else {
            return try sealedLeaf(at: position)
        }
        let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
        guard frame.last >= position else { throw .gap(expected: position) }
        try frame.checkRecords()
        try frame.checkPayloads()
        return EventLeaf(try frame.event(Int(position.rawValue - frame.first.rawValue)))
    }

    private func sealedLeaf(at position: Position) throws(Corruption) -> EventLeaf {
        guard let segment = try segment(holding: position) else {
            throw .gap(expected: position)
        }
        let index = Int(position.rawValue - segment.header.first.rawValue)
        return try segment.withEvents { segment throws(Corruption) in
            var decoder = try SegmentDecoder(segment)
            return try decoder.visit(index, in: segment) { EventLeaf($0) }
        }
    }
}
