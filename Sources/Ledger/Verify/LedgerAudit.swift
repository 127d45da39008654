/// A verification under way: the findings of stretch after stretch, put together in order.
struct LedgerAudit {
    let ledger: LedgerID
    private var records: SignedRecords
    /// Before the next stretch.
    private var chain: ChainState
    /// All leaves up to the next stretch, as long as none is missing.
    private var tree: MerkleRange?
    private var nodes: [MerkleNode] = []
    private var heads: [UInt64: MerkleHash] = [:]
    private var faults = FaultList()
    private var frames = 0
    private var events: UInt64 = 0
    private var bytes: UInt64 = 0
    private var awayEvents: UInt64 = 0
    private var filed: UInt64 = 0
    private var through = Position.zero
    private let start: Position

    /// From the first event on.
    init(_ ledger: LedgerID, _ records: SignedRecords) {
        self.init(ledger, records, from: MerkleRange(), .origin(of: ledger))
    }

    /// From the end of `tree` on, whose last frame left `chain`.
    init(
        _ ledger: LedgerID, _ records: SignedRecords, from tree: MerkleRange, _ chain: ChainState
    ) {
        self.ledger = ledger
        self.records = records
        self.chain = chain
        self.tree = tree
        start = Position(rawValue: tree.end)
        heads[tree.end] = tree.root
    }

    /// The sizes at which the stretches should tell what the tree was.
    var sizes: [UInt64] { records.checkpoints.map(\.size).filter { $0 > start.rawValue } }

    var progress: VerifyProgress {
        VerifyProgress(position: chain.position, through: max(through, chain.position))
    }

    mutating func note(_ position: Position, _ cause: Corruption) { faults.note(position, cause) }

    /// Takes what was found in the next stretch.
    mutating func append(_ findings: StretchFindings) {
        if let opening = findings.opening {
            do throws(Corruption) {
                try chain.advance(over: opening)
            } catch {
                faults.note(opening.first, error)
                tree = nil
            }
        }
        faults.append(findings.faults)
        if let end = findings.chain { chain = end }
        appendTree(findings)
        frames += findings.frames
        events += findings.events
        bytes += findings.bytes
        awayEvents += findings.awayEvents
        filed = findings.filed
        through = findings.through
    }

    private mutating func appendTree(_ findings: StretchFindings) {
        nodes += findings.nodes
        if var tree, let next = findings.tree, next.begin == tree.end {
            for head in findings.heads {
                var whole = tree
                whole.append(head)
                heads[head.end] = whole.root
            }
            tree.append(next) { node in
                if node.level % MerkleTile.height == 0 { nodes.append(node) }
            }
            self.tree = tree
        }
        if findings.isBroken { tree = nil }
    }

    /// After the last stretch: what was signed and stored is held against what was found.
    consuming func finish() -> VerifyReport {
        let isUnharmed = faults.count == 0
        // All of the last snapshot was walked: a tree that was cut or swapped holds fewer.
        if isUnharmed, start == .zero, filed != UInt64(frames) {
            faults.note(chain.position.next, .frameEntries(found: UInt64(frames)))
        }
        for checkpoint in records.checkpoints where checkpoint.size >= start.rawValue {
            if let root = heads[checkpoint.size] {
                if root != checkpoint.root { records.note(checkpoint, .root) }
            } else if checkpoint.position > chain.position {
                records.note(checkpoint, .beyond)
            } else if isUnharmed {
                records.note(checkpoint, .root)
            }
        }
        records.checkTiles(against: nodes)
        faults.append(records.faults)
        return VerifyReport(
            head: LedgerHead(
                ledger: ledger, position: chain.position, link: chain.link ?? .origin(of: ledger)),
            root: tree?.root, start: start, frames: frames, events: events, bytes: bytes,
            awayEvents: awayEvents, checkpoints: records.checkpoints.count, faults: faults)
    }
}
