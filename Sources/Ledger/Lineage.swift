/// One restoring of a ledger: from here on it goes its own way.
public struct Descent: Hashable, Sendable {
    /// Names the line that begins here: drawn at random when the ledger was restored.
    public let line: LedgerID
    /// The last event that was taken over.
    public let position: Position
    /// The chain value at `position`.
    public let link: Link
    /// When it was restored, in nanoseconds since 1970-01-01 00:00 UTC.
    public let time: Int64

    static let byteCount = 16 + 8 + Link.byteCount + 8

    init(line: LedgerID, position: Position, link: Link, time: Int64) {
        self.line = line
        self.position = position
        self.link = link
        self.time = time
    }

    /// A line that begins now, behind `head`.
    static func fresh(behind head: LedgerHead) -> Descent {
        Descent(
            line: .random(), position: head.position, link: head.link, time: wallNanoseconds())
    }

    init(_ bytes: RawSpan) {
        line = LedgerID(high: bytes.word(at: 0).byteSwapped, low: bytes.word(at: 8).byteSwapped)
        position = Position(rawValue: bytes.word(at: 16))
        link = Link(bytes.extracting(droppingFirst: 24))
        time = Int64(bitPattern: bytes.word(at: 56))
    }

    func store(into room: inout MutableRawSpan, at offset: Int) {
        room.store(line.high.byteSwapped, at: offset)
        room.store(line.low.byteSwapped, at: offset + 8)
        room.store(position.rawValue, at: offset + 16)
        room.store(link, at: offset + 24)
        room.store(UInt64(bitPattern: time), at: offset + 56)
    }
}

/// Which ledger this is, and what it was restored from.
///
/// A ledger that was restored and the one that it was restored from may both go on. They share
/// their id and the chain up to there, so each line signs its checkpoints under a name of its own:
/// neither passes as the other.
public struct Lineage: Hashable, Sendable {
    public let ledger: LedgerID
    /// Each restoring on the way to this ledger, the latest last.
    public let descents: [Descent]

    /// The name of the newest line: what checkpoints call this ledger, and the name of its key.
    public var origin: String { Self.origin(of: ledger, descents.last?.line) }

    private static func origin(of ledger: LedgerID, _ line: LedgerID?) -> String {
        let root = Checkpoint.origin(of: ledger)
        return line.map { "\(root)/\($0)" } ?? root
    }

    /// Whether a checkpoint is one that this ledger may have: of the newest line, or of an older
    /// one up to where a younger one begins.
    public func contains(_ checkpoint: Checkpoint) -> Bool {
        let lines = [nil] + descents.map { Optional($0.line) }
        let own = lines.lastIndex { Self.origin(of: ledger, $0) == checkpoint.origin }
        guard let own else { return false }
        return descents[own...].allSatisfy { checkpoint.size <= $0.position.rawValue }
    }
}
