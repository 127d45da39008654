/// What is wrong with bytes that should be a ledger's.
public enum Corruption: Error, Hashable, Sendable {
    /// A frame is shorter than its header says, or too short for a header.
    case frameTruncated
    /// A frame is longer than its header says.
    case frameOversized
    /// A frame does not begin with the four bytes that every frame begins with.
    case frameMagic
    /// A frame's version is not one that this version writes.
    case frameVersion(UInt16)
    /// A frame with no event, or more than a frame may hold.
    case frameCount(UInt32)
    /// A frame's stamps contradict its events.
    case frameStamps
    /// A frame's key is not its first position.
    case frameKey
    /// The checksum over a frame's header and records does not match.
    case recordsChecksum
    /// The checksum over a frame's payloads does not match.
    case payloadChecksum
    /// A record's payload lies outside the frame.
    case recordBounds
    /// Positions are missing or doubled before this frame.
    case gap(expected: Position)
    /// The frame does not continue the chain of the one before it.
    case previousLink
    /// The frame's own chain value is not the hash of its events.
    case link
    /// The producer's sequence does not count on.
    case producerSequence
    /// A page of the B+ tree is not what it should be.
    case page(UInt64, PageFault)
    /// The tree of frames holds another number of them than its record says.
    case frameEntries(found: UInt64)
    /// The ledger has lost events that it once made durable: `head` knows a later position.
    case behindHead(known: Position)
    /// The event recorded at `head`'s position is not the one that `head` saw.
    case differsFromHead
    /// A value that every ledger has is missing or malformed.
    case metadata(String)
    /// A stored value's checksum does not match.
    case valueChecksum
    /// A sealed segment is not what it should be.
    case segment(SegmentFault)
    /// No damage: the events are in an archive's file in this directory.
    case archived(first: Position, last: Position, directory: String)
    /// A tile of the Merkle tree is missing, malformed, or not that of the events.
    case tile(level: Int, index: UInt64)
    /// A signed tree head is not what it should be.
    case checkpoint(size: UInt64, CheckpointFault)
    /// The file of the ledger's public keys is malformed.
    case verifierKeys
}

/// What is wrong with a signed tree head.
public enum CheckpointFault: Hashable, Sendable {
    /// It cannot be read, or is filed under another size.
    case unreadable
    /// It is another ledger's.
    case foreign
    /// None of the ledger's keys signed it.
    case unsigned
    /// A signature claims to be a known key's and is not.
    case forged
    /// The events do not hash to its root.
    case root
    /// It vouches for events that are gone.
    case beyond
    /// It was signed, and the log does not know it.
    case unrecorded
}

/// What is wrong with a page of an LMDB file.
public enum PageFault: Hashable, Sendable {
    /// The page's number is beyond the last page, or the file ends before it.
    case outOfFile
    /// The page carries another page's number.
    case number
    /// The page is not of the kind its place asks for.
    case kind
    /// The bounds of the page's index or free space contradict each other.
    case bounds
    /// A node reaches over the end of its page, or carries flags it cannot have.
    case node
    /// Keys are out of order, or outside what the parent page says.
    case order
    /// The tree is deeper than its record says, or than any tree can be.
    case depth
    /// An overflow run's length contradicts the value's.
    case overflow
    /// A meta page is unreadable or contradicts the other one.
    case meta
}

extension Corruption: CustomStringConvertible {
    public var description: String {
        switch self {
        case .frameTruncated: "the frame is cut short"
        case .frameOversized: "the frame has bytes it does not account for"
        case .frameMagic: "no frame begins here"
        case .frameVersion(let version): "frame version \(version) is unknown"
        case .frameCount(let count): "the frame says it holds \(count) events"
        case .frameStamps: "the frame's stamps contradict its events"
        case .frameKey: "the frame is filed under another position"
        case .recordsChecksum: "the checksum over header and records does not match"
        case .payloadChecksum: "the checksum over the payloads does not match"
        case .recordBounds: "a payload lies outside its frame"
        case .gap(let expected): "expected position \(expected) here"
        case .previousLink: "the chain is broken before this frame"
        case .link: "the events do not hash to the frame's chain value"
        case .producerSequence: "the producer's sequence does not count on"
        case .page(let number, let fault): "page \(number): \(fault)"
        case .frameEntries(let found): "\(found) frames are found, another number was filed"
        case .behindHead(let known): "events up to \(known) were durable and are gone"
        case .differsFromHead: "another event is recorded here than the one made durable"
        case .metadata(let name): "the ledger's '\(name)' is missing or malformed"
        case .valueChecksum: "the checksum over the stored value does not match"
        case .segment(let fault): "the segment \(fault)"
        case .archived(let first, let last, let directory):
            "events \(first) to \(last) are archived in \(directory)"
        case .tile(let level, let index):
            "tile \(index) of level \(level) is missing, malformed or not that of the events"
        case .checkpoint(let size, let fault): "the checkpoint of size \(size) \(fault)"
        case .verifierKeys: "the file of public keys is malformed"
        }
    }
}

extension PageFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .outOfFile: "lies outside the file"
        case .number: "carries another page's number"
        case .kind: "is of the wrong kind"
        case .bounds: "has contradicting bounds"
        case .node: "has a malformed node"
        case .order: "has keys out of order"
        case .depth: "lies deeper than the tree"
        case .overflow: "begins an overflow run of the wrong length"
        case .meta: "is an unreadable or contradicting meta page"
        }
    }
}

extension CheckpointFault: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable: "cannot be read"
        case .foreign: "is another ledger's"
        case .unsigned: "is not signed by a key of this ledger"
        case .forged: "carries a forged signature"
        case .root: "has another root than the events"
        case .beyond: "vouches for events that are gone"
        case .unrecorded: "was signed and is missing in the log"
        }
    }
}
