/// What was copied, and not there already.
public struct CopyTotals: Hashable, Sendable {
    public internal(set) var segments = 0
    public internal(set) var frames = 0
    /// Of segments and frames, as stored.
    public internal(set) var bytes: UInt64 = 0
}

/// Makes a log the copy of another, step by step. What is there already is not copied again.
///
///     segment: pieces 1... --> read again and audited --> piece 0 in, its frames out
///     frames:  a chunk of them behind the others
///     records: what is signed, stored of the tree and remembered of the producers
///
/// Each step is read in one short snapshot of the source, which pins nothing while the target is
/// being written, and written in one durable transaction. After each, the target is a sound
/// ledger: the beginning of the source. So a copy that was cut short is simply gone on with.
struct LogCopy {
    let source: LedgerReader
    let target: LedgerReader
    /// Frames that end behind it are not copied: a frame is one commit, and is never cut.
    let limit: Position
    private(set) var totals = CopyTotals()

    init(_ source: LedgerReader, to target: LedgerReader, through limit: Position) {
        self.source = source
        self.target = target
        self.limit = limit
    }

    /// What the target holds.
    private struct End {
        var head: LedgerHead
        var sealed: Position
        var sealedLink: Link
    }

    private enum Step {
        case segment(EncodedSegment)
        case frames(FrameChunk)
        case done
    }

    /// Copies all there is up to the limit; returns the head of the copy.
    mutating func run(progress: ((Position) -> Void)? = nil) throws(LedgerError) -> LedgerHead {
        var end = try end()
        try checkContinues(end.head)
        while true {
            switch try nextStep(after: end) {
            case .segment(let segment):
                try copy(segment, after: end)
                totals.segments += 1
                totals.bytes += UInt64(segment.byteCount)
            case .frames(let chunk):
                try copy(chunk)
                totals.frames += chunk.frames.count
                totals.bytes += UInt64(chunk.byteCount)
            case .done:
                try copyRecords(through: end.head.position)
                return end.head
            }
            end = try self.end()
            progress?(end.head.position)
        }
    }

    private func end() throws(LedgerError) -> End {
        try target.withSnapshot(.zero) { snapshot throws(Corruption) in
            let sealed = try snapshot.segmentHeader(atOrBefore: Position(rawValue: .max))
            return End(
                head: try snapshot.head(of: target.ledger), sealed: sealed?.last ?? .zero,
                sealedLink: sealed?.link ?? .origin(of: target.ledger))
        }
    }

    private func checkContinues(_ head: LedgerHead) throws(LedgerError) {
        let link = try source.withSnapshot(head.position) { snapshot throws(Corruption) in
            try snapshot.head(of: source.ledger).position < head.position
                ? nil : try snapshot.link(at: head.position, of: source.ledger)
        }
        guard link == head.link, head.position <= limit else {
            let common = try lastCommon(through: head.position)
            throw .diverged(target.directory.path, behind: common)
        }
    }

    /// The last position at which both have the same history.
    private func lastCommon(through position: Position) throws(LedgerError) -> Position {
        var low: UInt64 = 0
        var high = min(position.rawValue, limit.rawValue)
        while low < high {
            let middle = high - (high - low) / 2
            if try agree(at: Position(rawValue: middle)) { low = middle } else { high = middle - 1 }
        }
        return Position(rawValue: low)
    }

    /// By the leaves: frames may end elsewhere in the two.
    private func agree(at position: Position) throws(LedgerError) -> Bool {
        let leaf = position.rawValue - 1
        let ours = try target.withSnapshot(position) { snapshot throws(Corruption) in
            try snapshot.leafHashes(leaf..<leaf + 1)
        }
        let theirs = try source.withSnapshot(position) { snapshot throws(Corruption) in
            try snapshot.leafHashes(leaf..<leaf + 1)
        }
        return ours == theirs && !ours.isEmpty
    }

    /// Whole segments first, also in the place of frames that were copied before they were
    /// sealed; then frames.
    private func nextStep(after end: End) throws(LedgerError) -> Step {
        try source.withSnapshot(end.head.position.next) { snapshot throws(Corruption) in
            let next = end.sealed.next
            if let header = try snapshot.segmentHeader(atOrBefore: next), header.first == next,
                header.last <= limit
            {
                return .segment(try snapshot.storedSegment(header))
            }
            guard end.head.position < limit else { return .done }
            let chunk = try FrameChunk(snapshot, behind: end.head, through: limit)
            return chunk.frames.isEmpty ? .done : .frames(chunk)
        }
    }

    private func copy(_ chunk: FrameChunk) throws(LedgerError) {
        try write(chunk.byteCount) { transaction throws(DatabaseError) in
            let database = try transaction.open(LedgerFormat.framesName)
            for frame in chunk.frames { try frame.store(in: database, transaction) }
        }
    }

    private func copy(_ segment: EncodedSegment, after end: End) throws(LedgerError) {
        try store(segment)
        let frames = try target.withSnapshot(segment.first) { snapshot throws(Corruption) in
            guard let tree = try snapshot.database(LedgerFormat.segmentsName) else {
                throw .metadata(LedgerFormat.segmentsName)
            }
            // UInt8 has no padding whose bytes could be uninitialised.
            let head = unsafe segment.head.span.bytes
            let view = try SegmentHead(.log(tree), first: segment.first, head).open()
            var audit = SegmentAudit()
            try audit.check(view, after: end.sealedLink)
            // liblmdb follows these pages, unmeasured, when it takes the frames out.
            try snapshot.checkWritePath()
            try snapshot.frames().checkPages(.all)
            return try snapshot.frameKeys(through: segment.last)
        }
        let producers = try producers(through: max(end.head.position, segment.last))
        try write(LedgerLimits.sealingStepBytes) { transaction throws(DatabaseError) in
            let segments = try transaction.open(LedgerFormat.segmentsName)
            let key = SegmentLayout.key(segment.first, piece: 0)
            try transaction.put(key, segment.head, in: segments)
            let database = try transaction.open(LedgerFormat.framesName)
            for key in frames { try transaction.delete(key, from: database) }
            // The stamps of these frames are gone with them.
            try producers.save(in: transaction)
        }
    }

    private func store(_ segment: EncodedSegment) throws(LedgerError) {
        let step = LedgerLimits.sealingStepBytes / LedgerLimits.segmentPieceBytesMax
        for start in stride(from: 0, to: segment.pieces.count, by: step) {
            try write(LedgerLimits.sealingStepBytes) { transaction throws(DatabaseError) in
                let segments = try transaction.open(LedgerFormat.segmentsName)
                for index in start..<min(start + step, segment.pieces.count)
                where !segment.pieces[index].isEmpty {
                    let key = SegmentLayout.key(segment.first, piece: UInt32(index + 1))
                    try transaction.put(key, segment.pieces[index], in: segments)
                }
            }
        }
        guard let marker = segment.marker else { return }
        try write(marker.count) { transaction throws(DatabaseError) in
            let key = SegmentLayout.key(segment.first, piece: SegmentLayout.archivePiece)
            try transaction.put(key, marker, in: transaction.open(LedgerFormat.segmentsName))
        }
    }

    private func copyRecords(through position: Position) throws(LedgerError) {
        let producers = try producers(through: position)
        let stored = try target.withSnapshot(position) { snapshot throws(Corruption) in
            try snapshot.newestCheckpoint(of: target.lineage)?.checkpoint.size
        }
        let records = try source.withSnapshot(position) { snapshot throws(Corruption) in
            try SignedCopy(snapshot, source.lineage, behind: stored, through: position)
        }
        guard !records.isEmpty || producers.isThere else { return }
        try write(records.byteCount) { transaction throws(DatabaseError) in
            try records.store(in: transaction)
            try producers.save(in: transaction)
        }
    }

    /// What is remembered of the producers, and the position through which it is.
    private struct Producers: Sendable {
        var windows: ProducerWindows
        var position: Position

        var isThere: Bool { windows.isUnsaved }

        func save(in transaction: borrowing WriteTransaction) throws(DatabaseError) {
            if isThere { try windows.save(through: position, in: transaction) }
        }
    }

    private func producers(through position: Position) throws(LedgerError) -> Producers {
        try source.withSnapshot(position) { snapshot throws(Corruption) in
            Producers(
                windows: try ProducerWindows(snapshot).through(position), position: position)
        }
    }

    private func write(
        _ byteCount: Int, _ body: (borrowing WriteTransaction) throws(DatabaseError) -> Void
    ) throws(LedgerError) {
        try target.writeCopy(byteCount, body)
    }
}

extension LedgerReader {
    /// Writes to the copy that this reads, at most `byteCount` bytes: nobody else writes it.
    func writeCopy(
        _ byteCount: Int, _ body: (borrowing WriteTransaction) throws(DatabaseError) -> Void
    ) throws(LedgerError) {
        do throws(DatabaseError) {
            try lease.environment.write(.dataAndMeta, body)
        } catch {
            throw error.ledgerError(at: directory.path, writing: byteCount)
        }
    }
}

extension Snapshot {
    /// A live segment with all its pieces that are here.
    func storedSegment(
        _ header: SegmentHeader
    ) throws(Corruption) -> EncodedSegment {
        guard let tree = try database(LedgerFormat.segmentsName) else { throw .segment(.header) }
        let marker = try tree.piece(SegmentLayout.archivePiece, of: header.first)?.array
        var pieces: [[UInt8]] = []
        for number in 0...UInt32(header.pieceCount) {
            let piece = try tree.piece(number, of: header.first)
            guard piece != nil || marker != nil else { throw .segment(.piece(number)) }
            pieces.append(piece?.array ?? [])
        }
        var segment = EncodedSegment(header, head: pieces.removeFirst(), pieces: pieces)
        segment.marker = marker
        return segment
    }

    /// The keys of the frames that end at or before `position`.
    fileprivate func frameKeys(through position: Position) throws(Corruption) -> [[UInt8]] {
        var cursor = PageCursor(try frames())
        guard try cursor.seekFirst() else { return [] }
        var keys: [[UInt8]] = []
        repeat {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            if frame.first > position { break }
            guard frame.last <= position else { throw .gap(expected: position.next) }
            keys.append(try cursor.key().array)
        } while try cursor.advance()
        return keys
    }
}
