/// Where a block of a segment lies.
struct SegmentEntry: Hashable {
    let section: SegmentSection
    let piece: Int
    let offset: Int
    let byteCount: Int
    /// Of compressed blocks: how many bytes they decompress to; 0 continues the entry before.
    let rawBytes: Int
    let key: UInt64
    let checksum: UInt64

    /// `bytes` are exactly an entry's.
    init(_ bytes: RawSpan) throws(Corruption) {
        typealias Entry = SegmentLayout.Entry
        guard let section = SegmentSection(rawValue: bytes.byte(at: Entry.section)) else {
            throw .segment(.directory)
        }
        self.section = section
        piece = Int(bytes.quarter(at: Entry.piece))
        offset = Int(bytes.half(at: Entry.offset))
        byteCount = Int(bytes.half(at: Entry.byteCount))
        rawBytes = Int(bytes.half(at: Entry.rawBytes))
        key = bytes.word(at: Entry.key)
        checksum = bytes.word(at: Entry.checksum)
        // More than any block can have: an event, the lengths, or the facts of all frames.
        guard rawBytes <= 2 * LedgerLimits.segmentPayloadBytesMax else {
            throw .segment(.directory)
        }
    }
}

/// A sealed segment where it lies on disk, its directory parsed. Whatever the bytes are, nothing
/// outside them is read: what is not a segment's is thrown.
struct SegmentView: ~Escapable {
    let head: SegmentHead
    /// By section, then by key.
    let entries: [SegmentEntry]
    /// Where columns and payloads went; `nil` when they are here.
    let archive: String?

    @_lifetime(copy head)
    init(_ head: SegmentHead) throws(Corruption) {
        self.head = head
        entries = try Self.entries(head.pieces, head.header)
        archive = try head.pieces.archive(of: head.header.first)
    }

    var header: SegmentHeader { head.header }

    private static func entries(
        _ pieces: SegmentPieces, _ header: SegmentHeader
    ) throws(Corruption) -> [SegmentEntry] {
        var directory: [UInt8] = []
        for number in 1...UInt32(max(header.directoryPieces, 1)) {
            guard let piece = try pieces.piece(number, of: header.first) else {
                throw .segment(.piece(number))
            }
            // Most have one, which is read where it lies.
            if header.directoryPieces == 1 { return try entries(piece, header) }
            directory += piece.array
        }
        // UInt8 has no padding whose bytes could be uninitialised.
        return unsafe try entries(directory.span.bytes, header)
    }

    private static func entries(
        _ bytes: RawSpan, _ header: SegmentHeader
    ) throws(Corruption) -> [SegmentEntry] {
        guard bytes.byteCount == header.entryCount * SegmentLayout.entryBytes,
            XXH64.hash(bytes) == header.directoryChecksum
        else { throw .segment(.directory) }
        var entries: [SegmentEntry] = []
        entries.reserveCapacity(header.entryCount)
        for index in 0..<header.entryCount {
            let start = index * SegmentLayout.entryBytes
            entries.append(
                try SegmentEntry(bytes.extracting(start..<start + SegmentLayout.entryBytes)))
        }
        return entries
    }

    @_lifetime(copy self)
    func piece(_ number: Int) throws(Corruption) -> RawSpan {
        guard let piece = try head.pieces.piece(UInt32(number), of: header.first) else {
            throw .segment(.piece(UInt32(number)))
        }
        return piece
    }

    /// The entries of `section`.
    func range(of section: SegmentSection) -> Range<Int> {
        let start = entries.partitionPoint { $0.section.rawValue >= section.rawValue }
        let end = entries.partitionPoint { $0.section.rawValue > section.rawValue }
        return start..<end
    }

    /// The last entry of `section` whose key is at most `key` and which begins a block.
    func entry(_ section: SegmentSection, atOrBefore key: UInt64) throws(Corruption) -> Int {
        let range = range(of: section)
        var found =
            entries.partitionPoint {
                $0.section.rawValue > section.rawValue || ($0.section == section && $0.key > key)
            } - 1
        while found > range.lowerBound, entries[found].rawBytes == 0 { found -= 1 }
        guard range.contains(found) else { throw .segment(.directory) }
        return found
    }

    /// A block's bytes as stored, or a part's; its checksum was checked.
    @_lifetime(copy self)
    func block(_ index: Int) throws(Corruption) -> RawSpan {
        let bytes = try storedBlock(index)
        guard XXH64.hash(bytes) == entries[index].checksum else {
            throw .segment(.block(entries[index].section, through: header.last))
        }
        return bytes
    }

    /// As ``block(_:)``, of a block whose checksum was checked before.
    @_lifetime(copy self)
    func storedBlock(_ index: Int) throws(Corruption) -> RawSpan {
        let entry = entries[index]
        // What shares a piece with blocks that stayed may be there still.
        if let archive, entry.section.isArchived {
            throw .archived(first: header.first, last: header.last, directory: archive)
        }
        let piece = try piece(header.directoryPieces + 1 + entry.piece)
        guard entry.offset <= piece.byteCount, entry.byteCount <= piece.byteCount - entry.offset
        else { throw .segment(.directory) }
        return piece.extracting(entry.offset..<entry.offset + entry.byteCount)
    }

    /// Decompresses the block that begins with entry `index` to the front of `room`.
    func expand(
        _ index: Int, with decompressor: borrowing ZstdDecompressor, into room: inout [UInt8]
    ) throws(Corruption) {
        let entry = entries[index]
        var parts = index + 1
        while parts < entries.count, entries[parts].section == entry.section,
            entries[parts].rawBytes == 0
        { parts += 1 }
        if parts == index + 1 {
            return try decompressor.decompress(block(index), into: &room, count: entry.rawBytes)
        }
        var whole: [UInt8] = []
        for part in index..<parts { whole += try block(part).array }
        // UInt8 has no padding whose bytes could be uninitialised.
        unsafe try decompressor.decompress(
            whole.span.bytes, into: &room, count: entry.rawBytes)
    }
}

extension PageTree {
    /// A piece of the segment that begins at `first`, or `nil`.
    @_lifetime(copy self)
    func piece(_ number: UInt32, of first: Position) throws(Corruption) -> RawSpan? {
        let key = SegmentLayout.inlineKey(first, piece: number)
        // UInt8 has no padding whose bytes could be uninitialised.
        return unsafe try value(of: key.span.bytes)
    }
}
