/// What was found in a stretch, to be held against the stretches before and after it.
struct StretchFindings {
    /// The first frame, when nothing before it was damaged.
    var opening: FramePlace?
    /// After the last frame; `nil` when there was nothing.
    var chain: ChainState?
    /// The leaves from the first frame on, up to the end or the first damage.
    var tree: MerkleRange?
    /// Whether there was damage, so that leaves are missing.
    var isBroken = false
    /// Subtrees that became whole and that tiles hold.
    var nodes: [MerkleNode] = []
    /// The leaves from the first frame on to where a tree was signed.
    var heads: [MerkleRange] = []
    var frames = 0
    var events: UInt64 = 0
    var bytes: UInt64 = 0
    /// Events of archived segments whose files could not be read.
    var awayEvents: UInt64 = 0
    var faults = FaultList()
    /// The head as the last snapshot saw it.
    var through = Position.zero
    /// How many frames the last snapshot's tree says it has.
    var filed: UInt64 = 0
}

/// Walks a stretch frame by frame: pages, checksums, order, chain, and every event's hash.
struct StretchAudit {
    private let ledger: LedgerID
    private let stretch: Stretch
    /// The sizes at which trees were signed, rising, from here on.
    private var sizes: ArraySlice<UInt64>
    /// The first position to look at next.
    private var next: Position
    private var hasher = LeafHasher(bootID: BootID(high: 0, low: 0))
    private(set) var findings = StretchFindings()

    init(_ ledger: LedgerID, _ stretch: Stretch, sizes: [UInt64]) {
        self.ledger = ledger
        self.stretch = stretch
        self.sizes = sizes[...]
        next = stretch.first
    }

    /// Looks at a chunk of frames; true when there were no more.
    mutating func readChunk(_ snapshot: Snapshot) -> Bool {
        do throws(Corruption) {
            let tree = try snapshot.frames()
            if let head = try? snapshot.head(of: ledger) { findings.through = head.position }
            // The last stretch's counts; it looks at every segment's header.
            if stretch.end == nil {
                findings.filed = tree.record.entries + ((try? snapshot.sealedFrames()) ?? 0)
            }
            if let end = stretch.end, next >= end { return true }
            if let tail = try? snapshot.sealedEnd(), next < tail {
                readSegment(snapshot, before: tail)
                return false
            }
            return readChunk(tree)
        } catch {
            note(next, error)
            return true
        }
    }

    private mutating func readChunk(_ tree: PageTree) -> Bool {
        var audit = PageAudit(tree, from: next.rawValue)
        var frameCount = 0
        var byteCount = 0
        var isDone = true
        audit.walk { finding in
            switch finding {
            case .damage(let from, let corruption):
                guard stretch.contains(from) else { return .stop }
                note(Position(rawValue: max(from, next.rawValue)), corruption)
                lose()
            case .frame(let key, let value):
                let filed = key.word(at: 0).byteSwapped
                guard stretch.contains(filed) else { return .stop }
                check(value, key: key, Position(rawValue: filed))
                frameCount += 1
                byteCount += value.byteCount
            }
            let isFull =
                frameCount >= LedgerLimits.chunkFramesMax
                || byteCount >= LedgerLimits.chunkBytesMax
            if isFull { isDone = false }
            return isFull ? .stop : .next
        }
        return isDone
    }

    /// Looks at the segment that should hold `next`; the frames begin at `tail`.
    private mutating func readSegment(_ snapshot: Snapshot, before tail: Position) {
        let start = next
        do throws(Corruption) {
            guard let segment = try snapshot.segment(holding: next) else {
                throw .gap(expected: next)
            }
            next = segment.header.last.next
            guard let audit = audit(segment, from: start) else { return lose(before: next) }
            if segment.header.first >= start {
                findings.bytes += try segment.byteCount()
                checkArchive(of: segment)
            }
            for place in audit.places
            where place.first >= start && stretch.contains(place.first.rawValue) {
                try check(place, audit.leaves, from: segment.header.first)
            }
        } catch {
            note(start, error)
            if next == start { next = min(snapshot.segmentStart(after: start) ?? tail, tail) }
            lose(before: next)
        }
    }

    /// What a sound segment holds; `nil` for any other, whose faults are noted, block by block
    /// where blocks are damaged.
    private mutating func audit(_ segment: SegmentView, from start: Position) -> SegmentAudit? {
        do throws(Corruption) {
            var audit = SegmentAudit()
            try audit.check(segment, after: nil)
            return audit
        } catch {
            let blocks = SegmentDamage(segment).blocks
            for block in blocks { note(block.first, block.cause) }
            if blocks.isEmpty { note(start, error) }
            return nil
        }
    }

    /// Where the events went to a file, they are hashed there.
    private mutating func checkArchive(of segment: SegmentView) {
        guard segment.archive != nil else { return }
        do throws(Corruption) {
            let isThere = try segment.withArchive { file throws(Corruption) in
                var audit = SegmentAudit()
                try audit.check(file, after: nil)
                return true
            }
            if isThere == nil { findings.awayEvents += UInt64(segment.header.count) }
        } catch {
            note(segment.header.first, error)
        }
    }

    /// Where the chain goes on from is not known.
    private mutating func lose(before next: Position) {
        findings.isBroken = true
        findings.chain = ChainState(lostAt: Position(rawValue: next.rawValue - 1))
    }

    /// A frame of a segment whose leaves, from `first` on, are `leaves`.
    private mutating func check(
        _ place: FramePlace, _ leaves: [MerkleHash], from first: Position
    ) throws(Corruption) {
        try advance(over: place)
        let base = first.rawValue
        let range = Int(place.first.rawValue - base)..<Int(place.last.rawValue - base) + 1
        append(leaves[range], at: place)
        findings.frames += 1
        findings.events += UInt64(range.count)
    }

    private mutating func check(_ value: RawSpan, key: RawSpan, _ filed: Position) {
        do throws(Corruption) {
            let frame = try FrameView(value, filedUnder: key)
            try frame.checkRecords()
            let place = FramePlace(frame)
            next = max(next, place.last.next)
            try advance(over: place)
            try frame.checkPayloads()
            append(try frame.checkedLeaves(&hasher)[...], at: place)
            findings.frames += 1
            findings.events += UInt64(frame.count)
            findings.bytes += UInt64(value.byteCount)
        } catch {
            note(filed, error)
            findings.isBroken = true
            // Where it should have ended is not known: what follows is held to itself only.
            if next <= filed {
                next = filed.next
                findings.chain = ChainState(lostAt: filed)
            }
        }
    }

    private mutating func advance(over place: FramePlace) throws(Corruption) {
        guard var chain = findings.chain else {
            findings.opening = place
            findings.chain = ChainState(after: place)
            return
        }
        defer { findings.chain = chain }
        try chain.advance(over: place)
    }

    private mutating func append(_ leaves: ArraySlice<MerkleHash>, at place: FramePlace) {
        guard !findings.isBroken else { return }
        let begin = place.first.rawValue - 1
        var tree = findings.tree ?? MerkleRange(at: begin)
        findings.tree = nil
        sizes = sizes.drop { $0 <= begin }
        for leaf in leaves {
            tree.append(leaf: leaf) { node in
                if node.level % MerkleTile.height == 0 { findings.nodes.append(node) }
            }
            while let size = sizes.first, size == tree.end {
                findings.heads.append(tree)
                sizes = sizes.dropFirst()
            }
        }
        findings.tree = tree
    }

    private mutating func lose() {
        findings.isBroken = true
        var chain = findings.chain ?? ChainState(lostAt: Position(rawValue: next.rawValue - 1))
        chain.lose()
        findings.chain = chain
    }

    private mutating func note(_ position: Position, _ cause: Corruption) {
        findings.faults.note(position, cause)
    }
}
