extension LedgerReader {
    /// Walks every frame from the first to the head: pages, checksums, positions, chain, and the
    /// hash of every event, recomputed.
    ///
    /// Every flipped bit in what a reader can reach is named, by position and cause. The log is
    /// pinned a chunk at a time, so a ledger may be verified while it is written. `progress` is
    /// called after every chunk.
    public func verify(
        progress: ((VerifyProgress) -> Void)? = nil
    ) throws(LedgerError) -> VerifyReport {
        // Looked at first: a commit in between makes the log longer than this, never shorter.
        let known = try HeadFile(following: directory.head)?.announced()
        var audit = LedgerAudit(ledger)
        try withSnapshot(.zero) { snapshot throws(Corruption) in
            audit.checkEnds(snapshot, against: known)
        }
        var isDone = false
        while !isDone {
            // Damage is a finding here, not an error: only the transaction itself can fail.
            try withSnapshot(audit.position) { snapshot throws(Corruption) in
                isDone = audit.readChunk(snapshot)
            }
            progress?(VerifyProgress(position: audit.position, through: audit.through))
        }
        return audit.report
    }
}

/// A verification under way: what was seen so far, and what must come next.
struct LedgerAudit {
    private let ledger: LedgerID
    /// The last position that a readable frame ended at, or that was given up as lost.
    private(set) var position = Position.zero
    /// The head as the last snapshot saw it.
    private(set) var through = Position.zero
    private var link: Link?
    private var producer: (boot: BootID, sequence: UInt64)?
    private var hasher: LeafHasher
    private var frames = 0
    private var events: UInt64 = 0
    private var bytes: UInt64 = 0
    private var faults: [VerifyFault] = []
    private var faultCount = 0

    init(_ ledger: LedgerID) {
        self.ledger = ledger
        link = .origin(of: ledger)
        hasher = LeafHasher(bootID: BootID(high: 0, low: 0))
    }

    var report: VerifyReport {
        VerifyReport(
            head: LedgerHead(
                ledger: ledger, position: position, link: link ?? .origin(of: ledger)),
            frames: frames, events: events, bytes: bytes,
            faults: faults.sorted { $0.position < $1.position }, faultCount: faultCount)
    }

    /// The free list and the announced head, which no walk over frames meets.
    mutating func checkEnds(_ snapshot: Snapshot, against known: LedgerHead?) {
        do throws(Corruption) {
            try snapshot.checkWritePath()
        } catch {
            note(.zero, error)
        }
        do throws(Corruption) {
            try snapshot.check(against: known, of: ledger)
        } catch {
            note(known?.position ?? .zero, error)
        }
    }

    /// Looks at a chunk of frames after `position`; true when there were no more.
    mutating func readChunk(_ snapshot: Snapshot) -> Bool {
        do throws(Corruption) {
            let tree = try snapshot.frames()
            if let head = try? snapshot.head(of: ledger) { through = max(through, head.position) }
            guard readChunk(tree) else { return false }
            // All of this snapshot was walked: a tree that was cut or swapped holds fewer.
            if faultCount == 0, tree.record.entries != UInt64(frames) {
                note(position.next, .frameEntries(found: UInt64(frames)))
            }
            return true
        } catch {
            note(position.next, error)
            return true
        }
    }

    private mutating func readChunk(_ tree: PageTree) -> Bool {
        var audit = PageAudit(tree, from: position.rawValue + 1)
        var frameCount = 0
        var byteCount = 0
        var isDone = true
        audit.walk { finding in
            switch finding {
            case .damage(let from, let corruption):
                note(Position(rawValue: max(from, position.rawValue + 1)), corruption)
                link = nil
                producer = nil
            case .frame(let key, let value):
                check(value, key: key)
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

    private mutating func check(_ value: RawSpan, key: RawSpan) {
        let filed = Position(rawValue: key.word(at: 0).byteSwapped)
        do throws(Corruption) {
            let frame = try FrameView(value, filedUnder: key)
            try frame.checkRecords()
            try checkPlace(frame)
            try frame.checkPayloads()
            try frame.checkLink(&hasher)
            frames += 1
            events += UInt64(frame.count)
            bytes += UInt64(value.byteCount)
        } catch {
            note(filed, error)
            // Where it should have ended is not known: what follows is held to itself only.
            if position < filed {
                position = filed
                link = nil
                producer = nil
            }
        }
    }

    /// Position, chain and producer, held against the frame before.
    private mutating func checkPlace(_ frame: FrameView) throws(Corruption) {
        let expected = position.next
        let isContinued = link != nil
        let linkBefore = link
        let producerBefore = producer
        position = frame.last
        link = frame.link
        producer = (frame.bootID, frame.producerSequence)
        if isContinued, frame.first != expected { throw .gap(expected: expected) }
        if let linkBefore, frame.previousLink != linkBefore { throw .previousLink }
        guard frame.producer == FrameLayout.writerProducer else { return }
        let isSameBoot = producerBefore.map { $0.boot == frame.bootID } ?? false
        if isContinued, isSameBoot || expected == .first || producerBefore != nil {
            let before = isSameBoot ? producerBefore?.sequence ?? 0 : 0
            if frame.producerSequence != before + 1 { throw .producerSequence }
        }
    }

    private mutating func note(_ position: Position, _ cause: Corruption) {
        let fault = VerifyFault(position: position, cause: cause)
        if faults.last == fault { return }
        faultCount += 1
        if faults.count < LedgerLimits.verifyFaultsMax { faults.append(fault) }
    }
}
