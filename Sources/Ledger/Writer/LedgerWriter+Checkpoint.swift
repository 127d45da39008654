internal import Synchronization

/// Signed tree heads.
extension LedgerWriter {
    /// The ledger's signing key in the file `path`, by default the ledger's own `key`. It is made
    /// (mode 0600) when there is no such file.
    public func signingKey(at path: String? = nil) throws(LedgerError) -> SigningKey {
        let file = KeyFile(path: path ?? reader.directory.key)
        let name = reader.lineage.origin
        if let key = try file.load() {
            guard key.verifier.name == name else {
                throw .unusableKey(
                    file.path, "belongs to \(key.verifier.name), not to \(name)",
                    advice: "name this ledger's key, or a file that is to be made")
            }
            return key
        }
        let key = SigningKey.random(name: name)
        try file.create(key)
        return key
    }

    /// Signs the head as it is now: reads every event since the last checkpoint again from the
    /// log, recomputes the root, and makes checkpoint and tiles durable before it returns.
    ///
    /// Blocks for as long as that takes; appends go on meanwhile. Not to be called inside an
    /// append's completion.
    public func checkpoint(with key: SigningKey) throws(LedgerError) -> SignedCheckpoint {
        try signing.withLock { _ throws(LedgerError) in
            let signing = CheckpointSigning(reader, key)
            if let product = try signing.make(at: head.position) { try store(product) }
            guard let newest = try reader.newestCheckpoint() else {
                throw .notCheckpointed(head.position, in: reader.directory.path)
            }
            try VerifierKeysFile(path: reader.directory.verifierKeys).add(key.verifier)
            try CheckpointMirror(path: reader.directory.checkpoint).store(newest)
            return newest
        }
    }

    private func store(_ product: CheckpointSigning.Product) throws(LedgerError) {
        let tiles = product.tiles.map { ($0.place.storedKey, $0.value) }
        let head = product.head.value
        let headKey = FrameLayout.key(product.head.checkpoint.position)
        let byteCount = tiles.reduce(head.count) { $0 + $1.1.count }
        try jobs.performAndWait(byteCount: byteCount) { transaction throws(DatabaseError) in
            let database = try transaction.open(LedgerFormat.tilesName)
            for (key, value) in tiles { try transaction.put(key, value, in: database) }
            try transaction.put(
                headKey, head, in: transaction.open(LedgerFormat.checkpointsName))
        }
    }
}
