/// One checkpoint in the making: the stored bytes since the last one are read again, and the root
/// recomputed, before anything is signed. A fault that crept in after an event was hashed is
/// found here, and not when somebody else cannot reproduce the root.
struct CheckpointSigning {
    private let reader: LedgerReader
    private let key: SigningKey

    /// What is to be made durable together.
    struct Product {
        var head: SignedCheckpoint
        var tiles: [MerkleTile]
    }

    init(_ reader: LedgerReader, _ key: SigningKey) {
        self.reader = reader
        self.key = key
    }

    /// The signed head at `position`, where a frame ends; `nil` when the newest checkpoint says
    /// it already.
    func make(at position: Position) throws(LedgerError) -> Product? {
        let newest = try newestOwn()
        if newest?.checkpoint.size == position.rawValue { return nil }
        var growth = try growth(from: newest?.checkpoint, to: position)
        var isDone = false
        while !isDone {
            let next = Position(rawValue: growth.tree.end + 1)
            isDone = try reader.withSnapshot(next) { snapshot throws(Corruption) in
                try growth.readChunk(snapshot, through: position)
            }
        }
        let checkpoint = Checkpoint(
            origin: reader.lineage.origin, size: position.rawValue,
            root: growth.tree.root)
        guard let head = SignedCheckpoint(checkpoint, signedBy: key) else {
            throw .unusableKey(
                reader.directory.path, "cannot sign", advice: "replace it by a new one")
        }
        return Product(head: head, tiles: try tiles(of: growth.nodes))
    }

    /// The newest checkpoint that carries this key's signature. Another key's says nothing here
    /// about the events before it.
    private func newestOwn() throws(LedgerError) -> SignedCheckpoint? {
        let newest = try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            // liblmdb will walk both when it adds to them, and measures nothing.
            try snapshot.database(LedgerFormat.tilesName)?.checkPages(.all)
            try snapshot.database(LedgerFormat.checkpointsName)?.checkPages(.all)
            return try snapshot.newestCheckpoint(of: reader.lineage)
        }
        guard let newest, newest.fault(trusting: [key.verifier]) == nil else { return nil }
        return newest
    }

    private func growth(
        from base: Checkpoint?, to position: Position
    ) throws(LedgerError) -> TreeGrowth {
        let mirrored = try CheckpointMirror(path: reader.directory.checkpoint).load()
        return try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            // No head is signed that contradicts one signed before, by whatever key.
            let heads = [
                mirrored?.checkpoint, try snapshot.newestCheckpoint(of: reader.lineage)?.checkpoint,
            ].compactMap { $0 }
            for head in heads where head.size > position.rawValue {
                throw .checkpoint(size: head.size, .beyond)
            }
            guard let base else {
                let origin = Link.origin(of: reader.ledger)
                return TreeGrowth(from: MerkleRange(), link: origin, through: heads)
            }
            var stored = StoredTree(snapshot)
            let tree = try stored.range(size: base.size)
            guard tree.root == base.root else { throw .checkpoint(size: base.size, .root) }
            let link = try snapshot.link(at: base.position, of: reader.ledger)
            return TreeGrowth(from: tree, link: link, through: heads)
        }
    }

    /// The tiles that have grown: what was stored of them, and the new hashes.
    private func tiles(of nodes: [MerkleNode]) throws(LedgerError) -> [MerkleTile] {
        try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            var tiles: [MerkleTile.Place: MerkleTile] = [:]
            // Within a level they became whole from left to right.
            for node in nodes {
                let place = MerkleTile.Place(of: node.level, node.index)
                let slot = Int(node.index % UInt64(MerkleTile.hashesMax))
                var tile = tiles[place] ?? MerkleTile(place: place, hashes: [])
                if tile.hashes.count < slot {
                    let stored = try snapshot.tile(at: place)?.hashes ?? []
                    guard stored.count >= slot else {
                        throw .tile(level: place.level, index: place.index)
                    }
                    tile.hashes = Array(stored[..<slot])
                }
                tile.hashes.append(node.hash)
                tiles[place] = tile
            }
            return tiles.values.sorted { $0.place.key < $1.place.key }
        }
    }
}
