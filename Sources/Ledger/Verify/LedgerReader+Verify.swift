extension LedgerReader {
    /// Reads every frame from the first to the head again: pages, checksums, positions, chain, and
    /// the hash of every event; and holds against them what was signed and stored of their Merkle
    /// tree: checkpoints with their signatures, and tiles.
    ///
    /// Every flipped bit in what a reader can reach is named, by position and cause. The log is
    /// pinned a chunk at a time, so a ledger may be verified while it is written. All processors
    /// take part; `progress` is called on this thread.
    ///
    /// - Parameters:
    ///   - scope: where to begin.
    ///   - kept: checkpoints that were kept outside of the ledger.
    ///   - keys: the keys that must have signed; without it the ledger's own file is believed,
    ///     which finds accidents but not a forger.
    public func verify(
        _ scope: VerifyScope = .everything, against kept: [SignedCheckpoint] = [],
        trusting keys: [VerifierKey]? = nil, progress: ((VerifyProgress) -> Void)? = nil
    ) throws(LedgerError) -> VerifyReport {
        // Looked at first: commits in between make the log longer than these say, never shorter.
        let known = try HeadFile(following: directory.head)?.announced()
        let records = try signedRecords(against: kept, trusting: keys)
        var audit = try begin(scope, records)
        try withSnapshot(.zero) { snapshot throws(Corruption) in
            audit.checkEnds(snapshot, against: known)
        }
        let first = audit.progress.position.next
        let stretches = try withSnapshot(first) { snapshot throws(Corruption) in
            Stretch.all(snapshot, from: first)
        }
        let sizes = audit.sizes
        try StretchCrew.walk(stretches) { stretch throws(LedgerError) in
            try self.walk(stretch, sizes: sizes)
        } _: { findings throws(LedgerError) in
            audit.append(try findings.get())
            progress?(audit.progress)
            return .next
        }
        return audit.finish()
    }

    /// One stretch, a chunk at a time. Damage is a finding here, not an error: only the
    /// transaction itself can fail.
    private func walk(
        _ stretch: Stretch, sizes: [UInt64]
    ) throws(LedgerError) -> StretchFindings {
        var audit = StretchAudit(ledger, stretch, sizes: sizes)
        var isDone = false
        while !isDone {
            try withSnapshot(stretch.first) { snapshot throws(Corruption) in
                isDone = audit.readChunk(snapshot)
            }
        }
        return audit.findings
    }

    private func signedRecords(
        against kept: [SignedCheckpoint], trusting given: [VerifierKey]?
    ) throws(LedgerError) -> SignedRecords {
        var records = SignedRecords(lineage)
        // Before the log: a checkpoint made in between is then in the log already.
        var mirrored: SignedCheckpoint?
        var keys = given ?? []
        do throws(LedgerError) {
            if given == nil { keys = try verifierKeys() }
            mirrored = try CheckpointMirror(path: directory.checkpoint).load()
        } catch {
            guard case .corrupt(let position, let cause) = error.code else { throw error }
            records.note(position, cause)
        }
        try withSnapshot(.zero) { snapshot throws(Corruption) in
            records.read(snapshot, trusting: keys)
        }
        if let mirrored { records.add(mirrored, trusting: keys, isOwn: true) }
        for head in kept { records.add(head, trusting: keys, isOwn: false) }
        return records
    }

    private func begin(
        _ scope: VerifyScope, _ records: SignedRecords
    ) throws(LedgerError) -> LedgerAudit {
        let whole = LedgerAudit(ledger, records)
        guard scope == .sinceCheckpoint, let base = records.newest?.checkpoint, base.size > 0
        else { return whole }
        return try withSnapshot(base.position) { snapshot throws(Corruption) in
            do throws(Corruption) {
                var stored = StoredTree(snapshot)
                let tree = try stored.range(size: base.size)
                let place = try snapshot.place(endingAt: base.position)
                guard tree.root == base.root else { return whole }
                return LedgerAudit(ledger, records, from: tree, ChainState(after: place))
            } catch {
                // What stands in the way is found from the start.
                return whole
            }
        }
    }
}

extension LedgerAudit {
    /// The free list and the announced head, which no walk over frames meets.
    mutating func checkEnds(_ snapshot: Snapshot, against known: LedgerHead?) {
        do throws(Corruption) {
            try snapshot.checkWritePath()
        } catch {
            note(.zero, error)
        }
        checkSegmentPages(snapshot)
        do throws(Corruption) {
            try snapshot.check(against: known, of: ledger)
        } catch {
            note(known?.position ?? .zero, error)
        }
    }

    /// The pages that hold segments; what lies in the pieces is read with the events.
    private mutating func checkSegmentPages(_ snapshot: Snapshot) {
        do throws(Corruption) {
            guard let tree = try snapshot.database(LedgerFormat.segmentsName) else { return }
            var audit = PageAudit(tree, keys: .pieces, from: 0)
            var entries: UInt64 = 0
            var isWhole = true
            audit.walk { finding in
                switch finding {
                case .damage(let from, let corruption):
                    note(Position(rawValue: from), corruption)
                    isWhole = false
                case .frame: entries += 1
                }
                return .next
            }
            if isWhole, entries != tree.record.entries {
                note(.zero, .frameEntries(found: entries))
            }
        } catch {
            note(.zero, error)
        }
    }
}

extension Snapshot {
    /// The frame that ends at `position`.
    fileprivate func place(endingAt position: Position) throws(Corruption) -> FramePlace {
        var cursor = PageCursor(try frames())
        let key = FrameLayout.key(position)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else {
            guard let place = try sealedPlace(endingAt: position) else {
                throw .gap(expected: position)
            }
            return place
        }
        let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
        try frame.checkRecords()
        guard frame.last == position else { throw .gap(expected: position) }
        return FramePlace(frame)
    }
}
