public import Ledger

/// How far a projection has read, and of which log.
///
/// The link is the log's chain value there: a log that was rolled back, restored or replaced
/// since then has another one, and the projection is rebuilt.
public struct Cursor: Hashable, Sendable {
    public let ledger: LedgerID
    public let position: Position
    public let link: Link

    public init(ledger: LedgerID, position: Position, link: Link) {
        self.ledger = ledger
        self.position = position
        self.link = link
    }

    public init(_ head: LedgerHead) {
        self.init(ledger: head.ledger, position: head.position, link: head.link)
    }

    /// Whether the log at hand is the one that was read.
    ///
    /// - Parameter linkThere: the log's own chain value at ``position``, if a frame ends there.
    public func matches(_ head: LedgerHead, linkThere: Link?) -> Bool {
        ledger == head.ledger && position <= head.position && linkThere == link
    }
}

/// A projection as it is saved.
struct SavedProjection: Hashable, Sendable {
    let version: UInt32
    let cursor: Cursor
    /// Rows finished up to the cursor; their keys count from 0.
    let rowCount: UInt64
    let state: [UInt8]
}

extension Cursor: StateCodable {
    public func encode(into encoder: inout StateEncoder) {
        encoder.append(ledger.high)
        encoder.append(ledger.low)
        encoder.write(position)
        encoder.append(contentsOf: link.bytes)
    }

    public init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        ledger = LedgerID(high: try decoder.integer(), low: try decoder.integer())
        position = try decoder.read()
        let offset = decoder.offset
        guard let link = Link(try decoder.bytes(count: 32)) else {
            throw .invalidValue(offset: offset)
        }
        self.link = link
    }
}

extension SavedProjection: StateCodable {
    func encode(into encoder: inout StateEncoder) {
        encoder.append(version)
        encoder.write(cursor)
        encoder.append(rowCount)
        encoder.append(UInt64(state.count))
        encoder.append(contentsOf: state)
    }

    init(from decoder: inout StateDecoder) throws(StateDecodingError) {
        version = try decoder.integer()
        cursor = try decoder.read()
        rowCount = try decoder.integer()
        let count: UInt64 = try decoder.integer()
        state = try decoder.bytes(count: Int(clamping: count))
    }
}
