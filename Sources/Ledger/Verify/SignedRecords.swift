/// What a ledger has signed and stored about its own tree, as it was before its events are read
/// again: its checkpoints, its tiles, and the checkpoints that were kept outside of it.
struct SignedRecords {
    private let lineage: Lineage
    private(set) var faults = FaultList()
    /// By size, rising: whatever can be held against the events.
    private(set) var checkpoints: [Checkpoint] = []
    /// The newest one of the log whose signature is good.
    private(set) var newest: SignedCheckpoint?
    private var stored: [UInt64: MerkleHash] = [:]
    private var tiles: [MerkleTile.Place: MerkleTile] = [:]

    init(_ lineage: Lineage) {
        self.lineage = lineage
    }

    /// Reads and checks what `snapshot` holds.
    mutating func read(_ snapshot: Snapshot, trusting keys: [VerifierKey]) {
        walk(snapshot, LedgerFormat.checkpointsName) { this, key, value throws(Corruption) in
            let head = try SignedCheckpoint(value, filedUnder: key, of: this.lineage)
            let size = head.checkpoint.size
            this.stored[size] = head.checkpoint.root
            if let fault = head.fault(trusting: keys) {
                throw .checkpoint(size: size, fault)
            }
            this.checkpoints.append(head.checkpoint)
            this.newest = head
        }
        walk(snapshot, LedgerFormat.tilesName) { this, key, value throws(Corruption) in
            guard let place = MerkleTile.Place(key: key.word(at: 0).byteSwapped) else {
                throw .tile(level: 0, index: key.word(at: 0).byteSwapped)
            }
            this.tiles[place] = try MerkleTile(value, at: place)
        }
        checkWidths(stored.keys.max() ?? 0)
    }

    /// Adds a checkpoint that was kept elsewhere. One that the log itself should have is missed
    /// there when it `isOwn`.
    mutating func add(_ head: SignedCheckpoint, trusting keys: [VerifierKey], isOwn: Bool) {
        let checkpoint = head.checkpoint
        if let fault = !lineage.contains(checkpoint) ? .foreign : head.fault(trusting: keys) {
            return note(checkpoint, fault)
        }
        if isOwn, stored[checkpoint.size] == nil { note(checkpoint, .unrecorded) }
        guard !checkpoints.contains(checkpoint) else { return }
        let place = checkpoints.firstIndex { $0.size > checkpoint.size } ?? checkpoints.endIndex
        checkpoints.insert(checkpoint, at: place)
    }

    mutating func note(_ position: Position, _ cause: Corruption) { faults.note(position, cause) }

    mutating func note(_ checkpoint: Checkpoint, _ fault: CheckpointFault) {
        faults.note(checkpoint.position, .checkpoint(size: checkpoint.size, fault))
    }

    /// Holds the tiles against subtrees of the events, in any order.
    mutating func checkTiles(against nodes: [MerkleNode]) {
        for node in nodes {
            let place = MerkleTile.Place(of: node.level, node.index)
            let slot = Int(node.index % UInt64(MerkleTile.hashesMax))
            // Younger than the newest checkpoint, it is in no tile yet.
            guard let tile = tiles[place], slot < tile.hashes.count else { continue }
            if tile.hashes[slot] != node.hash { note(place) }
        }
    }

    /// Every tile of the tree that was signed last is there, as wide as it should be, and no
    /// others.
    private mutating func checkWidths(_ size: UInt64) {
        let places = MerkleTile.places(in: size)
        for place in places where tiles[place]?.hashes.count != place.width(in: size) {
            note(place)
        }
        for place in Set(tiles.keys).subtracting(places).sorted(by: { $0.key < $1.key }) {
            note(place)
        }
    }

    private mutating func note(_ place: MerkleTile.Place) {
        faults.note(place.firstPosition, .tile(level: place.level, index: place.index))
    }

    /// Walks a database whose keys are numbers; `read` may refuse a value.
    private mutating func walk(
        _ snapshot: Snapshot, _ name: String,
        _ read: (inout SignedRecords, RawSpan, RawSpan) throws(Corruption) -> Void
    ) {
        do throws(Corruption) {
            guard let tree = try snapshot.database(name) else { return }
            var audit = PageAudit(tree, from: 0)
            var entries: UInt64 = 0
            audit.walk { finding in
                switch finding {
                case .damage(_, let corruption):
                    faults.note(.zero, corruption)
                case .frame(let key, let value):
                    entries += 1
                    do throws(Corruption) {
                        try read(&self, key, value)
                    } catch {
                        faults.note(error.position, error)
                    }
                }
                return .next
            }
            if faults.count == 0, entries != tree.record.entries {
                faults.note(.zero, .frameEntries(found: entries))
            }
        } catch {
            faults.note(.zero, error)
        }
    }
}

extension MerkleTile.Place {
    /// The first event under it; `.zero` when no ledger can have one there.
    fileprivate var firstPosition: Position {
        let bits = MerkleTile.height * (level + 1)
        guard bits < UInt64.bitWidth, (index << UInt64(bits)) >> UInt64(bits) == index else {
            return .zero
        }
        return Position(rawValue: (index << UInt64(bits)) + 1)
    }
}

extension Corruption {
    /// Where a fault of what was signed belongs.
    fileprivate var position: Position {
        guard case .checkpoint(let size, _) = self else { return .zero }
        return Position(rawValue: size)
    }
}
