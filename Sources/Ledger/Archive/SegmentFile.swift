/// A sealed segment in a file of its own, with what leads from its events to a signed checkpoint:
/// who has the file and trusts a key needs no ledger to check it.
///
///     header (48) | lengths of the pieces (4 each) | checksum (8) | pieces | evidence
///
/// The evidence is the checkpoint's note behind the hashes of the subtrees to the left and to the
/// right of the segment's events, from left to right, one a line in base64.
struct SegmentFile: ~Escapable {
    /// "TLSF", read as a little-endian word.
    private static let magic: UInt32 = 0x4653_4C54
    private static let version: UInt16 = 1
    private static let headerBytes = 48

    let ledger: LedgerID
    let first: Position
    let last: Position
    private let bytes: RawSpan
    private let starts: [Int]

    /// What the file of a segment is called; in the order of their positions.
    static func name(_ header: SegmentHeader) -> String {
        "\(padded(header.first))-\(padded(header.last)).segment"
    }

    private static func padded(_ position: Position) -> String {
        let digits = String(position.rawValue)
        return String(repeating: "0", count: max(0, 20 - digits.count)) + digits
    }

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) throws(Corruption) {
        guard bytes.byteCount >= Self.headerBytes, bytes.half(at: 0) == Self.magic,
            bytes.quarter(at: 4) == Self.version,
            bytes.quarter(at: 6) == UInt16(Self.headerBytes)
        else { throw .segment(.file) }
        ledger = LedgerID(high: bytes.word(at: 8).byteSwapped, low: bytes.word(at: 16).byteSwapped)
        first = Position(rawValue: bytes.word(at: 24))
        last = Position(rawValue: bytes.word(at: 32))
        let count = Int(bytes.half(at: 40))
        let table = Self.headerBytes + 4 * count
        guard (1...Int(UInt16.max)).contains(count),
            bytes.byteCount >= table + FrameLayout.checksumBytes,
            XXH64.hash(bytes.extracting(first: table)) == bytes.word(at: table)
        else { throw .segment(.file) }
        var starts = [table + FrameLayout.checksumBytes]
        for index in 0..<count {
            starts.append(
                starts[index] + Int(bytes.half(at: Self.headerBytes + 4 * index)))
        }
        guard starts[count] <= bytes.byteCount else { throw .segment(.file) }
        self.starts = starts
        self.bytes = bytes
    }

    var pieceCount: Int { starts.count - 1 }

    @_lifetime(copy self)
    func piece(_ number: UInt32) -> RawSpan? {
        guard let index = Int(exactly: number), index < pieceCount else { return nil }
        return bytes.extracting(starts[index]..<starts[index + 1])
    }

    /// What follows the pieces.
    var evidence: [UInt8] { bytes.extracting(droppingFirst: starts[pieceCount]).array }

    /// The segment, its directory parsed.
    @_lifetime(copy self)
    func open() throws(Corruption) -> SegmentView {
        guard let head = piece(0) else { throw .segment(.header) }
        let view = try SegmentHead(.file(self), first: first, head).open()
        guard view.header.last == last, view.header.pieceCount + 1 == pieceCount else {
            throw .segment(.file)
        }
        return view
    }

    static func encode(
        _ segment: EncodedSegment, of ledger: LedgerID, evidence: [UInt8]
    ) -> [UInt8] {
        let pieces = [segment.head] + segment.pieces
        var bytes: [UInt8] = []
        bytes.append(UInt64(magic), width: 4)
        bytes.append(UInt64(version), width: 2)
        bytes.append(UInt64(headerBytes), width: 2)
        bytes.append(ledger.high.byteSwapped, width: 8)
        bytes.append(ledger.low.byteSwapped, width: 8)
        bytes.append(segment.first.rawValue, width: 8)
        bytes.append(segment.last.rawValue, width: 8)
        bytes.append(UInt64(pieces.count), width: 8)
        for piece in pieces { bytes.append(UInt64(piece.count), width: 4) }
        // UInt8 has no padding whose bytes could be uninitialised.
        bytes.append(unsafe XXH64.hash(bytes.span.bytes), width: 8)
        for piece in pieces { bytes += piece }
        return bytes + evidence
    }
}
