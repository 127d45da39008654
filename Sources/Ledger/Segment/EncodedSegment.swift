/// Puts blocks into pieces, and notes where each one went.
struct BlockPacker {
    /// Directory entries, as stored.
    private(set) var directory: [UInt8] = []
    private(set) var entryCount = 0
    private var pieces: [[UInt8]] = []

    /// A block over a piece's size continues in the next entries, whose raw size is 0.
    mutating func append(
        _ bytes: [UInt8], _ section: SegmentSection, key: UInt64, rawBytes: Int
    ) {
        var rest = bytes[...]
        var raw = rawBytes
        repeat {
            let part = rest.prefix(LedgerLimits.segmentPieceBytesMax)
            rest = rest.dropFirst(part.count)
            place(Array(part), section, key: key, rawBytes: raw)
            raw = 0
        } while !rest.isEmpty
    }

    private mutating func place(
        _ part: [UInt8], _ section: SegmentSection, key: UInt64, rawBytes: Int
    ) {
        let room = LedgerLimits.segmentPieceBytesMax - (pieces.last?.count ?? .max / 2)
        if part.count > room { pieces.append([]) }
        directory.append(section.rawValue)
        directory.append(0)
        directory.append(UInt64(pieces.count - 1), width: 2)
        directory.append(UInt64(pieces[pieces.count - 1].count), width: 4)
        directory.append(UInt64(part.count), width: 4)
        directory.append(UInt64(rawBytes), width: 4)
        directory.append(key, width: 8)
        // UInt8 has no padding whose bytes could be uninitialised.
        directory.append(unsafe XXH64.hash(part.span.bytes), width: 8)
        pieces[pieces.count - 1] += part
        entryCount += 1
    }

    /// The directory's pieces, then the blocks'.
    var allPieces: [[UInt8]] {
        let step = SegmentLayout.entriesPerPiece * SegmentLayout.entryBytes
        let parts = stride(from: 0, to: directory.count, by: step).map { start in
            Array(directory[start..<min(start + step, directory.count)])
        }
        return parts + pieces
    }
}

/// A segment as it is stored: piece 0, which makes it live, and the others.
struct EncodedSegment {
    let first: Position
    let last: Position
    /// Piece 0.
    let head: [UInt8]
    /// Pieces 1 and on. Of an archived segment, those that are not here are empty.
    let pieces: [[UInt8]]
    /// Of an archived segment: what says where the others are.
    var marker: [UInt8]?

    /// Of all pieces.
    var byteCount: Int { pieces.reduce(head.count) { $0 + $1.count } }

    /// As it is stored already.
    init(_ header: SegmentHeader, head: [UInt8], pieces: [[UInt8]]) {
        first = header.first
        last = header.last
        self.head = head
        self.pieces = pieces
    }

    init(_ builder: SegmentBuilder, filter: [UInt8], _ blocks: BlockPacker) {
        first = builder.first
        last = Position(rawValue: builder.next.rawValue - 1)
        pieces = blocks.allPieces
        var content = SHA256()
        content.update(filter)
        for piece in pieces { content.update(piece) }
        let times = builder.headers.map(\.wallTime)
        var bytes: [UInt8] = []
        bytes.append(UInt64(SegmentLayout.magic), width: 4)
        bytes.append(UInt64(SegmentLayout.version), width: 2)
        bytes.append(UInt64(SegmentLayout.headerBytes), width: 2)
        bytes.append(builder.first.rawValue, width: 8)
        bytes.append(UInt64(builder.headers.count), width: 4)
        bytes.append(UInt64(builder.frames.count), width: 4)
        bytes.append(UInt64(bitPattern: times.min() ?? 0), width: 8)
        bytes.append(UInt64(bitPattern: times.max() ?? 0), width: 8)
        bytes += builder.previousLink.bytes
        bytes += builder.link.bytes
        bytes.append(UInt64(pieces.count), width: 4)
        bytes.append(UInt64(blocks.entryCount), width: 4)
        // UInt8 has no padding whose bytes could be uninitialised.
        bytes.append(unsafe XXH64.hash(blocks.directory.span.bytes), width: 8)
        bytes.append(UInt64(filter.count / StreamFilter.lineBytes), width: 4)
        bytes.append(UInt64(builder.payloads.count), width: 4)
        bytes += Link(content.finish()).bytes
        bytes += [UInt8](repeating: 0, count: SegmentLayout.Header.checksum - bytes.count)
        bytes.append(unsafe XXH64.hash(bytes.span.bytes), width: 8)
        head = bytes + filter
    }
}
