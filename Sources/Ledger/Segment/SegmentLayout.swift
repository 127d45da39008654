/// Where everything lies in a sealed segment; `OnDiskFormat.md` is the same in prose.
///
///     piece 0: header (192) | stream filter (64 a line)
///     pieces 1...: directory (32 an entry)
///     the pieces after it: blocks, each found and checksummed by its directory entry
enum SegmentLayout {
    /// "TLSG", read as a little-endian word.
    static let magic: UInt32 = 0x4753_4C54
    static let version: UInt16 = 1

    static let headerBytes = 192
    static let entryBytes = 32
    static let entriesPerPiece = LedgerLimits.segmentPieceBytesMax / entryBytes
    /// Events whose columns lie together in one block.
    static let stripeEvents = 2_048
    /// Leaf hashes of one block: 32 KiB.
    static let leavesPerBlock = 1_024
    /// Raw bytes of a block of posting lists before the next one is begun.
    static let postingsBytes = 12_288

    /// Where it is said of an archived segment what directory its file is in.
    static let archivePiece = UInt32.max

    enum Header {
        static let magic = 0
        static let version = 4
        static let headerBytes = 6
        static let first = 8
        static let count = 16
        static let frameCount = 20
        static let minWallTime = 24
        static let maxWallTime = 32
        static let previousLink = 40
        static let link = 72
        static let pieces = 104
        static let entries = 108
        static let directoryChecksum = 112
        static let filterLines = 120
        static let payloadBytes = 124
        static let contentHash = 128
        static let checksum = 184
    }

    enum Entry {
        static let section = 0
        static let piece = 2
        static let offset = 4
        static let byteCount = 8
        static let rawBytes = 12
        static let key = 16
        static let checksum = 24
    }

    /// The key that a piece is filed under.
    static func key(_ first: Position, piece: UInt32) -> [UInt8] {
        let key = inlineKey(first, piece: piece)
        return key.indices.map { key[$0] }
    }

    /// The same in place: a reader asks for many pieces.
    static func inlineKey(_ first: Position, piece: UInt32) -> InlineArray<12, UInt8> {
        InlineArray { index in
            index < 8
                ? UInt8(truncatingIfNeeded: first.rawValue >> UInt64(56 - 8 * index))
                : UInt8(truncatingIfNeeded: piece >> UInt32(88 - 8 * index))
        }
    }
}

/// What a block of a segment holds, and what its directory entry's key means.
public enum SegmentSection: UInt8, Hashable, Sendable {
    /// Facts of the frames, compressed; key 0.
    case frames = 1
    /// Columns of 2,048 events; key: the first one's index.
    case stripe = 2
    /// Posting lists of kinds; key: the first one's kind * 256 + schema version.
    case kinds = 3
    /// Posting lists of streams; key: the first stream.
    case streams = 4
    /// Payloads, compressed; key: the rank of the first event.
    case payload = 5
    /// Leaf hashes; key: the first event's index.
    case leaves = 6

    /// Whether it leaves the log when the segment is archived.
    var isArchived: Bool { self == .stripe || self == .payload }
}

extension SegmentSection: CustomStringConvertible {
    public var description: String {
        switch self {
        case .frames: "facts of the frames"
        case .stripe: "columns"
        case .kinds: "lists of kinds"
        case .streams: "lists of streams"
        case .payload: "payloads"
        case .leaves: "leaf hashes"
        }
    }
}

/// Kind and schema version as one number, by which payloads are grouped.
struct EventTag: Hashable, Comparable {
    let rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ header: EventHeader) {
        rawValue = UInt32(header.kind.rawValue) << 8 | UInt32(header.schemaVersion)
    }

    var kind: EventKind { EventKind(rawValue: UInt16(rawValue >> 8 & 0xFFFF)) }
    var schemaVersion: UInt8 { UInt8(rawValue & 0xFF) }

    static func < (left: EventTag, right: EventTag) -> Bool { left.rawValue < right.rawValue }
}
