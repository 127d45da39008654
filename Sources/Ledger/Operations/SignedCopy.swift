/// What a log has signed and stored of its tree, for a copy that ends somewhere in it: the
/// checkpoints up to there, and exactly the tiles of the newest of them.
struct SignedCopy: Sendable {
    private var checkpoints: [(key: [UInt8], value: [UInt8])] = []
    private var tiles: [MerkleTile] = []

    /// The checkpoints up to `position` that are larger than `stored`, the newest one that the
    /// copy has already; and the tiles that have grown since.
    init(
        _ snapshot: Snapshot, _ lineage: Lineage, behind stored: UInt64?,
        through position: Position
    ) throws(Corruption) {
        guard let tree = try snapshot.database(LedgerFormat.checkpointsName) else { return }
        var cursor = PageCursor(tree)
        guard try cursor.seekFirst() else { return }
        var newest: UInt64?
        repeat {
            let head = try SignedCheckpoint(cursor.value(), filedUnder: cursor.key(), of: lineage)
            let size = head.checkpoint.size
            if size > position.rawValue { break }
            if let stored, size <= stored { continue }
            newest = size
            checkpoints.append((try cursor.key().array, head.value))
        } while try cursor.advance()
        if let newest { try addTiles(snapshot, from: stored ?? 0, to: newest) }
    }

    private mutating func addTiles(
        _ snapshot: Snapshot, from old: UInt64, to size: UInt64
    ) throws(Corruption) {
        for place in MerkleTile.places(in: size) {
            let width = place.width(in: size)
            if place.width(in: old) == width { continue }
            guard var tile = try snapshot.tile(at: place), tile.hashes.count >= width else {
                throw .tile(level: place.level, index: place.index)
            }
            tile.hashes = Array(tile.hashes[..<width])
            tiles.append(tile)
        }
    }

    var isEmpty: Bool { checkpoints.isEmpty }

    var byteCount: Int {
        checkpoints.reduce(0) { $0 + $1.value.count }
            + tiles.count * MerkleTile.hashesMax * MerkleHash.byteCount
    }

    func store(in transaction: borrowing WriteTransaction) throws(DatabaseError) {
        let tileDatabase = try transaction.open(LedgerFormat.tilesName)
        for tile in tiles {
            try transaction.put(tile.place.storedKey, tile.value, in: tileDatabase)
        }
        let database = try transaction.open(LedgerFormat.checkpointsName)
        for (key, value) in checkpoints { try transaction.put(key, value, in: database) }
    }
}
