/// What is wrong with a sealed segment.
public enum SegmentFault: Hashable, Sendable {
    /// The header is missing, malformed, or its checksum does not match.
    case header
    /// A piece that the header counts is missing.
    case piece(UInt32)
    /// The directory's checksum does not match, or an entry reaches outside its piece.
    case directory
    /// A block's checksum does not match. `through` is the last event that the block tells of.
    case block(SegmentSection, through: Position)
    /// The SHA-256 over the whole does not match.
    case content
    /// A line of the stream filter is damaged, or misses a stream.
    case filter
    /// Positions, kinds, streams or times contradict each other.
    case columns
    /// A list of a stream's or a kind's events is malformed, or differs from the columns.
    case postings
    /// Compressed bytes do not decompress to what was recorded of them.
    case payload
    /// The facts of the frames are malformed, or do not add up to the events.
    case frames
    /// An archive's file is malformed, or another segment's.
    case file
    /// A stored leaf hash is not the event's.
    case leaf
}

extension SegmentFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .header: "has no readable header"
        case .piece(let number): "lacks its piece \(number)"
        case .directory: "has a damaged directory"
        case .block(let section, let last):
            "has \(section) up to position \(last) whose checksum does not match"
        case .content: "does not hash to its content hash"
        case .filter: "has a damaged stream filter"
        case .columns: "has contradicting columns"
        case .postings: "has lists that differ from its columns"
        case .payload: "has payloads that do not decompress"
        case .frames: "has contradicting facts of its frames"
        case .file: "is not what its file should hold"
        case .leaf: "has a leaf hash that is not the event's"
        }
    }
}
