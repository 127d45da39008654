internal import Synchronization

/// Moves frames into segments, step by step, one segment at a time, whoever asks. A crash between
/// any two steps loses and doubles nothing, since a segment comes alive, and its frames go, in one
/// transaction:
///
///     clear leftovers --> read frames --> store pieces 1... --> read again and audit --> publish
final class Sealer: Sendable {
    let reader: LedgerReader
    private let perform: Perform
    /// Held while a segment is made.
    private let turn = Mutex<Void>(())

    /// Runs a transaction of at most so many bytes, and returns when it is durable.
    typealias Perform = @Sendable (
        Int, @escaping @Sendable (borrowing WriteTransaction) throws(DatabaseError) -> Void
    ) throws(LedgerError) -> Void

    /// A segment, and the first positions of the frames that it takes the place of.
    struct Draft {
        let segment: EncodedSegment
        let frames: [Position]
    }

    init(_ reader: LedgerReader, _ perform: @escaping Perform) {
        self.reader = reader
        self.perform = perform
    }

    /// Seals one segment of frames that end at or before `limit`; its last position, or `nil`
    /// when there is nothing left to seal. Throws `closed` when `isUnwanted` says so on the way.
    func sealNext(
        through limit: Position, unless isUnwanted: () -> Bool = { false }
    ) throws(LedgerError) -> Position? {
        try turn.withLock { _ throws(LedgerError) in
            try clearLeftovers()
            guard let draft = try draft(through: limit, unless: isUnwanted) else { return nil }
            try store(draft)
            try audit(draft)
            try publish(draft)
            return draft.segment.last
        }
    }

    /// Runs `body` while no segment is made.
    func whileNothingIsSealed<Value>(
        _ body: () throws(LedgerError) -> Value
    ) throws(LedgerError) -> Value {
        try turn.withLock { _ throws(LedgerError) in try body() }
    }

    /// Takes away what a sealing that was cut short has left.
    func clearLeftovers() throws(LedgerError) {
        let keys = try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            let keys = try snapshot.unsealedPieces()
            if !keys.isEmpty { try snapshot.checkWritePath() }
            return keys
        }
        guard !keys.isEmpty else { return }
        try perform(LedgerLimits.sealingStepBytes) { transaction throws(DatabaseError) in
            let segments = try transaction.open(LedgerFormat.segmentsName)
            for key in keys { try transaction.delete(key, from: segments) }
        }
    }

    /// As many frames as a segment takes, but never the last one; no snapshot is pinned for
    /// longer than a chunk.
    func draft(
        through limit: Position, unless isUnwanted: () -> Bool = { false }
    ) throws(LedgerError) -> Draft? {
        let start = try reader.withSnapshot(.zero) { snapshot throws(Corruption) in
            try snapshot.sealingStart(of: reader.ledger)
        }
        guard let start else { return nil }
        var builder = SegmentBuilder(first: start.first, previousLink: start.previousLink)
        var isFull = false
        while !isFull {
            if isUnwanted() { throw .closed(reader.directory.path) }
            try reader.withSnapshot(builder.next) { snapshot throws(Corruption) in
                isFull = try builder.addChunk(snapshot, through: limit)
            }
        }
        if builder.isEmpty { return nil }
        var first = builder.first
        let frames = builder.frames.map { facts in
            defer { first = Position(rawValue: first.rawValue + UInt64(facts.count)) }
            return first
        }
        return Draft(segment: builder.finish(), frames: frames)
    }

    /// Puts the pieces down, some at a time: appends get between.
    func store(_ draft: Draft) throws(LedgerError) {
        let first = draft.segment.first
        var rest = Array(draft.segment.pieces.enumerated())[...]
        let step = LedgerLimits.sealingStepBytes / LedgerLimits.segmentPieceBytesMax
        while !rest.isEmpty {
            let part = Array(rest.prefix(step))
            rest = rest.dropFirst(step)
            try perform(LedgerLimits.sealingStepBytes) { transaction throws(DatabaseError) in
                let segments = try transaction.open(LedgerFormat.segmentsName)
                for (index, piece) in part {
                    let key = SegmentLayout.key(first, piece: UInt32(index + 1))
                    try transaction.put(key, piece, in: segments)
                }
            }
        }
    }

    /// Reads again what was stored, and holds it against the chain.
    func audit(_ draft: Draft) throws(LedgerError) {
        let segment = draft.segment
        try reader.withSnapshot(segment.first) { snapshot throws(Corruption) in
            guard let tree = try snapshot.database(LedgerFormat.segmentsName),
                let frame = try snapshot.sealingStart(of: reader.ledger)
            else { throw .metadata(LedgerFormat.segmentsName) }
            // UInt8 has no padding whose bytes could be uninitialised.
            let head = unsafe segment.head.span.bytes
            let view = try SegmentHead(.log(tree), first: segment.first, head).open()
            guard frame.first == view.header.first else { throw .gap(expected: frame.first) }
            var audit = SegmentAudit()
            try audit.check(view, after: frame.previousLink)
            // liblmdb follows these pages, unmeasured, when it takes the frames out.
            try snapshot.checkWritePath()
            try snapshot.frames().checkPages(.all)
        }
    }

    /// Makes the segment live and takes its frames away, in one transaction.
    func publish(_ draft: Draft) throws(LedgerError) {
        let segment = draft.segment
        let frames = draft.frames
        // At worst each frame was on a page of its own, which is written once more without it.
        let byteCount = LedgerLimits.sealingStepBytes + frames.count * 4_096
        try perform(byteCount) { transaction throws(DatabaseError) in
            let segments = try transaction.open(LedgerFormat.segmentsName)
            let key = SegmentLayout.key(segment.first, piece: 0)
            try transaction.put(key, segment.head, in: segments)
            let database = try transaction.open(LedgerFormat.framesName)
            for first in frames { try transaction.delete(FrameLayout.key(first), from: database) }
        }
    }
}

extension Snapshot {
    /// Where the first frame begins and what it continues, held against the segments before it;
    /// `nil` without a frame.
    fileprivate func sealingStart(
        of ledger: LedgerID
    ) throws(Corruption) -> (first: Position, previousLink: Link)? {
        var cursor = PageCursor(try frames())
        guard try cursor.seekFirst() else { return nil }
        let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
        try frame.checkRecords()
        let sealed = try segmentHeader(atOrBefore: Position(rawValue: .max))
        let expected = (sealed?.last ?? .zero).next
        guard frame.first == expected else { throw .gap(expected: expected) }
        guard frame.previousLink == sealed?.link ?? .origin(of: ledger) else {
            throw .previousLink
        }
        return (frame.first, frame.previousLink)
    }
}

extension SegmentBuilder {
    /// Adds at most a chunk of frames, none that ends behind `limit`, and never the last one;
    /// true when no more are to be added.
    fileprivate mutating func addChunk(
        _ snapshot: Snapshot, through limit: Position
    ) throws(Corruption) -> Bool {
        var cursor = PageCursor(try snapshot.frames())
        let key = FrameLayout.key(next)
        // UInt8 has no padding whose bytes could be uninitialised.
        guard unsafe try cursor.seek(atOrBefore: key.span.bytes) else { return true }
        var byteCount = 0
        for _ in 0..<LedgerLimits.chunkFramesMax where byteCount < LedgerLimits.chunkBytesMax {
            let frame = try FrameView(cursor.value(), filedUnder: cursor.key())
            guard frame.last <= limit, hasRoom(for: frame), try cursor.advance() else {
                return true
            }
            try add(frame)
            byteCount += frame.bytes.byteCount
        }
        return false
    }
}
